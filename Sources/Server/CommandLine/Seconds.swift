/// How long something may take: seconds with or without a fraction, written `30` or `0.5`.
struct Seconds: OptionValue {
    static let expectation = "a number of seconds"

    let value: Double

    init?(option text: String) {
        guard !text.isEmpty, text.utf8.count <= 18,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }),
            let value = Double(text), value.isFinite
        else { return nil }
        self.value = value
    }
}
