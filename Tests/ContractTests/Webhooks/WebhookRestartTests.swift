import RoostCore
import RoostWebhooks
import Testing

/// What is owed to a receiver survives the server, and what a receiver gets can be checked.
@Suite struct `Webhooks across restarts, and signed` {
    @Test func `a server killed between a job's end and its delivery delivers when it is back`() async throws {
        let receiver = try WebhookReceiver(.status(500), .status(200))
        defer { receiver.close() }
        let folder = try TemporaryFolder()
        let id = try await withServer("--webhook-allow-private", in: folder) { server in
            let answer = try await server.run("return 5", ["webhook_url": .string(receiver.url())])
            try await receiver.wait(for: 1)
            return try #require(answer["job_id"]?.string)
        }
        try await withServer("--webhook-allow-private", in: folder) { server in
            let sent = try await receiver.wait(for: 2)
            #expect(sent[0].body == sent[1].body)
            #expect(Set(sent.map { $0[field: "webhook-id"] }) == ["msg_\(id)"])
            try await eventually("it is delivered") {
                try await server.job(id)["webhook"]?["status"] == "delivered"
            }
        }
    }

    @Test func `a job that was cut off is told as failed`() async throws {
        let receiver = try WebhookReceiver(.status(200))
        defer { receiver.close() }
        let folder = try TemporaryFolder()
        let id = try await withServer("--webhook-allow-private", in: folder) { server in
            let answer = try await server.post(
                ServerProcess.code,
                [
                    "code": "import time\nprint('begun', flush=True)\ntime.sleep(100)", "id": "cut",
                    "webhook_url": .string(receiver.url()),
                ], fields: [("Prefer", "respond-async")])
            let id = try #require(answer["job_id"]?.string)
            try await server.wait(for: id, output: "begun")
            return id
        }
        try await withServer("--webhook-allow-private", in: folder) { server in
            let sent = try #require(try await receiver.wait(for: 1).first)
            #expect(sent.json?["job_id"] == .string(id))
            #expect(sent.json?["id"] == "cut")
            #expect(sent.json?["endpoint"] == .string(ServerProcess.code))
            #expect(sent.json?["code"] == 503)
            #expect(sent.json?["exit_code"] == 143)
            try await eventually("it is delivered") {
                try await server.job(id)["webhook"]?["status"] == "delivered"
            }
        }
    }

    @Test func `the receiver can check who sent it, and with async mode gets what the request does not`() async throws {
        let text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let secret = try #require(WebhookSecret(text))
        let receiver = try WebhookReceiver(.status(200))
        defer { receiver.close() }
        let folder = try TemporaryFolder()
        let path = folder.scratch + "/secrets"
        try Files.write(path, "# one\n\(text)\n")
        try await withServer(
            "--webhook-allow-private", "--webhook-secret-file", path, "--code-webhook-mode", "async", in: folder
        ) { server in
            let answer = try await server.run("return 5", ["webhook_url": .string(receiver.url())])
            #expect(answer.status == 202)
            #expect(answer["message"] == "processing")
            #expect(answer[field: "Preference-Applied"] == nil)
            let sent = try #require(try await receiver.wait(for: 1).first)
            let seconds = try #require(sent[field: "webhook-timestamp"].flatMap { Int64($0) })
            let id = try #require(sent[field: "webhook-id"])
            #expect(
                sent[field: "webhook-signature"]
                    == WebhookSignature.sign(id: id, seconds: seconds, body: sent.body, secret: secret))
            #expect(sent.json?["result"] == 5)
            // Without a webhook a request waits as ever.
            expectResult(try await server.run("return 6"), 6)
        }
    }

    @Test(arguments: [("", "holds no secret"), ("whsec_AAAA", "line 1"), ("no\n", "line 1")])
    func `a secret file that holds none stops the start`(text: String, message: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.scratch + "/secrets"
        try Files.write(path, text)
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--webhook-secret-file", path], in: folder)
        #expect(try await process.waitForEnd() == .exit(1))
        #expect(process.errors.contains(message))
        #expect(!process.errors.contains("AAAA"))
    }

    @Test func `a secret file that is not there stops the start`() async throws {
        let folder = try TemporaryFolder()
        let process = try ServerProcess.launch(
            ["serve", "--project", folder.path, "--port", "0", "--webhook-secret-file", "/nonexistent"], in: folder)
        #expect(try await process.waitForEnd() == .exit(1))
        #expect(process.errors.contains("/nonexistent"))
    }
}
