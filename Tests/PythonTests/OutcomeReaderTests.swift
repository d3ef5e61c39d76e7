import RoostCore
import Testing

@testable import RoostPython

@Suite struct `What a process says at its end` {
    func read(_ header: String, _ result: String = "") -> JobOutcome? {
        OutcomeReader.read(header: Array(header.utf8), result: Array(result.utf8))
    }

    @Test(arguments: [
        "", "[]", "{", #"{"outcome":1}"#, #"{"outcome":"won"}"#, #"{"message":"x"}"#, "\u{0}",
        String(repeating: "[", count: 100_000),
    ])
    func `nonsense is no outcome`(_ header: String) { #expect(read(header) == nil) }

    @Test func `a result that is no JSON is no outcome`() {
        #expect(read(#"{"outcome":"completed"}"#, "{") == nil)
        #expect(read(#"{"outcome":"completed"}"#, "1 2") == nil)
        #expect(read(#"{"outcome":"completed"}"#) == .completed(result: nil))
        #expect(read(#"{"outcome":"completed","result_truncated":true}"#) == .completed(result: nil, isTruncated: true))
    }

    @Test func `a result may be a repr`() throws {
        let text = try JSONText(validating: Array(#""{1}""#.utf8))
        #expect(
            read(#"{"outcome":"completed","result_repr":true}"#, #""{1}""#) == .completed(result: text, isRepr: true))
    }

    @Test func `an exit has its code`() {
        #expect(
            read(#"{"outcome":"runtime_error","message":"SystemExit: 2","type":"SystemExit","exit_code":2}"#)
                == .failed(
                    JobFailure(
                        .pythonRuntimeError, message: "SystemExit: 2", type: "SystemExit", details: ["exit_code": 2])))
    }

    @Test func `members of a wrong type are left out`() {
        let header = #"{"outcome":"runtime_error","message":7,"type":[],"traceback":{},"line":-3}"#
        #expect(read(header) == .failed(JobFailure(.pythonRuntimeError)))
    }
}
