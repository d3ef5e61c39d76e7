import Glibc
import Testing

@testable import RoostHTTP

/// A raw request from `Requests/`: NAME.http holds the bytes as ``EscapedText``, NAME.txt what they come to
/// (``ParserRun/lines``). In `invalid` that ends with a refusal, in `valid` it does not.
struct RequestFile {
    let name: String
    let bytes: [UInt8]
    let expected: String

    /// Names such as `valid/method-get`, sorted.
    static let valid = names(in: "valid")
    static let invalid = names(in: "invalid")

    /// Set it to write what the parser does now to files that have no expectation yet; look at them then.
    private static let records = unsafe getenv("ROOST_RECORD_REQUESTS") != nil

    init(_ name: String) throws {
        self.name = name
        let text = try #require(Self.read(name + ".http"), "no file \(name).http")
        bytes = try #require(EscapedText.decode(text), "wrong escape in \(name).http")
        if let lines = Self.read(name + ".txt") {
            expected = String(decoding: lines, as: UTF8.self)
        } else {
            expected = ""
            if Self.records { Self.write(name + ".txt", ParserRun(bytes, pieces: [0..<bytes.count]).lines) }
            Issue.record("no file \(name).txt")
        }
    }

    /// How many requests are whole.
    var wholeRequests: Int { expected.split(separator: "\n").count { $0 == "end" } }

    /// The status of the refusal, if there is one.
    var refusedStatus: Int? {
        guard let line = expected.split(separator: "\n").last, line.hasPrefix("refused ") else { return nil }
        return Int(line.split(separator: " ")[1])
    }

    /// Ways to cut the bytes, the same in every run.
    var cuts: [(name: String, pieces: [Range<Int>])] {
        var cuts = [("whole", [bytes.indices]), ("byte by byte", bytes.indices.map { $0..<$0 + 1 })]
        let lineEnds = bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
        cuts.append(("line by line", Self.pieces(lineEnds, bytes.count)))
        var random = SeededGenerator(name)
        for round in 0..<20 {
            let points = (0...round % 5).map { _ in Int.random(in: 0...bytes.count, using: &random) }
            cuts.append(("random \(round)", Self.pieces(points, bytes.count)))
        }
        return cuts
    }

    private static func pieces(_ points: [Int], _ count: Int) -> [Range<Int>] {
        let bounds = ([0, count] + points).sorted()
        return zip(bounds, bounds.dropFirst()).map { $0..<$1 }.filter { !$0.isEmpty }
    }

    // MARK: Files

    private static let folder: String = {
        let parts = #filePath.split(separator: "/").dropLast(2)
        return "/" + parts.joined(separator: "/") + "/Requests/"
    }()

    private static func names(in kind: String) -> [String] {
        guard let directory = unsafe opendir(folder + kind) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name.hasSuffix(".http") { names.append(kind + "/" + name.dropLast(5)) }
        }
        return names.sorted()
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen(folder + path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            if count == 0 { return content }
            content += buffer[..<count]
        }
    }

    private static func write(_ path: String, _ text: String) {
        guard let file = unsafe fopen(folder + path, "w") else { return }
        unsafe fputs(text, file)
        unsafe fclose(file)
    }
}
