import Foundation
import RoostPythonWire

/// Everything one job sent, in the order the server takes it.
struct JobReport {
    enum Event: Equatable {
        /// Text on a pipe; neighbours are joined.
        case out([UInt8])
        case err([UInt8])
        case log(RunnerLogLevel, String)
    }

    /// The header of `done`.
    struct Header: Decodable, Equatable {
        var outcome: String
        var message: String?
        var type: String?
        var traceback: String?
        var line: Int?
        var result_truncated: Bool?
        var result_repr: Bool?
        var exit_code: Int?

        init(json: [UInt8]) throws {
            self = try JSONDecoder().decode(Header.self, from: Data(json))
        }
    }

    var events: [Event] = []
    struct Progress: Equatable {
        var fraction: Double
        var message: String
    }

    var calls: [CallRequest] = []
    var progress: [Progress] = []
    var barriers = 0
    var doneCount = 0
    var restedCount = 0
    var header: Header?
    /// JSON; empty stands for null.
    var result = ""
    var status: Int32?
    var outputEnded = false
    var errorEnded = false

    var outcome: String? { header?.outcome }
    var output: String {
        text { if case .out(let bytes) = $0 { bytes } else { [] } }
    }
    var error: String {
        text { if case .err(let bytes) = $0 { bytes } else { [] } }
    }
    var logs: [String] {
        events.compactMap { if case .log(_, let message) = $0 { message } else { nil } }
    }

    mutating func append(_ bytes: [UInt8], isError: Bool) {
        switch (events.last, isError) {
        case (.out(let before), false): events[events.count - 1] = .out(before + bytes)
        case (.err(let before), true): events[events.count - 1] = .err(before + bytes)
        default: events.append(isError ? .err(bytes) : .out(bytes))
        }
    }

    private func text(_ bytes: (Event) -> [UInt8]) -> String {
        String(decoding: events.flatMap(bytes), as: UTF8.self)
    }
}

extension JobReport.Event {
    static func out(_ text: String) -> Self { .out(Array(text.utf8)) }
    static func err(_ text: String) -> Self { .err(Array(text.utf8)) }
}
