import RoostCore
@testable import RoostServer
import Testing

@Suite struct `What a job's end is to the shell` {
    private static func exit(_ text: String) throws -> JobExit { JobExit(try JSONParser.parse(Array(text.utf8))) }

    @Test(arguments: [
        (#"{"status":"completed"}"#, 0, nil),
        (#"{"status":"cancelled","error":null}"#, 130, "roost: cancelled"),
        (#"{"status":"failed","timeout":1.5,"error":{"code":"TIMEOUT"}}"#, 124, "roost: timed out after 1.5 s"),
        (#"{"status":"failed","timeout":30.0,"error":{"code":"TIMEOUT"}}"#, 124, "roost: timed out after 30 s"),
        (#"{"status":"failed","error":{"code":"PYTHON_RUNTIME_ERROR","type":"ValueError","message":"x","traceback":"T"}}"#, 1, "T"),
        (#"{"status":"failed","error":{"code":"PYTHON_SYNTAX_ERROR","type":"SyntaxError","message":"x"}}"#, 1, "roost: x"),
        (
            #"{"status":"failed","error":{"code":"PYTHON_RUNTIME_ERROR","type":"SystemExit","message":"SystemExit: 7","details":{"exit_code":7}}}"#,
            7, nil
        ),
        (
            #"{"status":"failed","error":{"code":"PYTHON_RUNTIME_ERROR","type":"SystemExit","message":"SystemExit: no","details":{"exit_code":1}}}"#,
            1, "no"
        ),
        (#"{"status":"failed","error":{"code":"PYTHON_PROCESS_DIED","message":"m","details":{"signal":"SIGSEGV"}}}"#, 139, "roost: m"),
        (#"{"status":"failed","error":{"code":"PYTHON_PROCESS_DIED","message":"m","details":{"signal":"signal 300"}}}"#, 1, "roost: m"),
        (#"{"status":"failed","error":{"code":"PYTHON_PROCESS_DIED","message":"m","details":{"exit_code":3}}}"#, 3, "roost: m"),
        (#"{"status":"failed","error":{"code":"PYTHON_PROCESS_DIED","message":"m","details":{"exit_code":0}}}"#, 1, "roost: m"),
        (#"{"status":"failed","error":{"code":"MEMORY_LIMIT","message":"m"}}"#, 137, "roost: m"),
        (
            #"{"status":"failed","error":{"code":"SERVER_STOPPED","message":"m"}}"#, 143,
            "roost: the server stopped before the job had ended"
        ),
        (#"{"status":"failed","error":{"code":"SERVER_ERROR","message":"m"}}"#, 1, "roost: m"), ("{}", 1, "roost: "),
    ])
    func `has the code that the script would have had`(job: String, code: Int32, text: String?) throws {
        let exit = try Self.exit(job)
        #expect(exit.code == code)
        #expect(exit.text == text)
    }
}
