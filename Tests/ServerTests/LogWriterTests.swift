import Glibc
import RoostCore
@testable import RoostServer
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Log writer` {
    @Test func `closes although nobody reads standard error`() throws {
        var ends: [Int32] = [-1, -1]
        let code = unsafe pipe(&ends)
        try #require(code == 0)
        defer { for end in ends { close(end) } }
        let writer = try LogWriter(format: .text, descriptor: ends[1])
        let logger = writer.logger(level: .info)
        let line = String(repeating: "x", count: 1000)
        for _ in 0..<1000 { logger.info(line) }
        writer.close()
    }

    @Test func `writes everything before it is closed when somebody reads`() throws {
        var ends: [Int32] = [-1, -1]
        let code = unsafe pipe(&ends)
        try #require(code == 0)
        let reader = ends[0]
        let writer = try LogWriter(format: .text, descriptor: ends[1])
        let logger = writer.logger(level: .info)
        for number in 0..<20 { logger.info("line \(number)") }
        writer.close()
        close(ends[1])
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe read(reader, &buffer, buffer.count)
        close(reader)
        let lines = String(decoding: buffer[..<max(0, count)], as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 20)
        #expect(lines.last?.hasSuffix("info line 19") == true)
    }
}
