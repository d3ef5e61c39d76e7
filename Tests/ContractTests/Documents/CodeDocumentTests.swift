import RoostCore
import Testing

/// The three documents of the code endpoint: their requests as printed, with the shell's quoting mended, and without
/// the `webhook_url`, for a test must not post to a server on the internet (`WebhookDeliveryTests` has receivers of its
/// own); and a client written from nothing but these documents.
@Suite(.server()) struct `The documents of the code endpoint` {
    private static let requests = [
        // 002
        #"""
        curl -s -X POST \
             -H "x-api-key: YOUR_API_KEY" \
             -H "Content-Type: application/json" \
             -d '{"code": "print('\''Hello, World!'\'')", "timeout": 10, "id": "unique-request-id"}' \
             http://localhost:$PORT/v1/code/execute/python
        """#,
        // 003
        #"""
        curl -s -X POST \
          http://localhost:$PORT/v1/code/execute/python \
          -H 'Authorization: Bearer <token>' \
          -H 'Content-Type: application/json' \
          -d '{
            "code": "print('\''Hello, World!'\'')",
            "timeout": 10,
            "id": "unique-request-id"
          }'
        """#,
        // 004
        #"""
        curl -s -X POST \
             -H "x-api-key: TU_API_KEY" \
             -H "Content-Type: application/json" \
             -d '{"code": "print(\"Hello, World!\")", "timeout": 10, "id": "unique-request-id"}' \
             http://localhost:$PORT/v1/code/execute/python
        """#,
    ]

    @Test(.enabled(if: Programs.curl != nil, "needs curl"), arguments: requests)
    func `show requests that are answered as they say`(line: String) async throws {
        let answer = try await Shell(server: server).json(line)
        // 003: the bare form.
        #expect(answer["result"] == .null)
        #expect(answer["stdout"] == "Hello, World!\n")
        #expect(answer["stderr"] == "")
        #expect(answer["exit_code"] == 0)
        // 002 and 004: the envelope.
        #expect(answer["endpoint"] == "/v1/code/execute/python")
        #expect(answer["code"] == 200)
        #expect(answer["id"] == "unique-request-id")
        #expect(answer["job_id"]?.string?.isEmpty == false)
        #expect(
            answer["response"] == ["result": .null, "stdout": "Hello, World!\n", "stderr": "", "exit_code": 0])
        #expect(answer["message"] == "success")
        for name in ["pid", "queue_id", "queue_length"] { #expect(isInteger(answer[name]), "\(name)") }
        for name in ["run_time", "queue_time", "total_time"] { #expect(answer[name]?.double != nil, "\(name)") }
        #expect(answer["build_number"]?.string?.isEmpty == false)
    }

    @Test(.enabled(if: Programs.python != nil, "needs a Python"))
    func `are enough to write a client`() async throws {
        let python = try #require(Programs.python)
        let process = try ChildProcess(
            python, ["-c", CodeClient.source, "http://localhost:\(try server.port)", "any-key"],
            environment: ServerProcess.environment(try server.folder))
        let ending = try await process.waitForEnd(within: .seconds(60))
        #expect(ending == .exit(0), "\(process.errors)")
        #expect(process.output == "all as documented\n")
    }
}
