/// Requests in a second, written `10/s`.
struct RequestRate: OptionValue {
    static let expectation = "requests a second from 1/s to 1000000/s"

    let perSecond: Int

    init?(option text: String) {
        guard text.hasSuffix("/s"), let number = Int(option: String(text.dropLast(2))),
            (1...1_000_000).contains(number)
        else { return nil }
        perSecond = number
    }
}
