import RoostCore
import RoostWebhooks
import Testing

/// Contract §9, webhooks: with the real programs and a receiver on this machine.
@Suite(.server("--webhook-allow-private", "--workers", "2")) struct `Webhooks` {
    private func webhook(_ id: String) async throws -> JSON {
        try #require(try await server.job(id)["webhook"])
    }

    private func wait(_ id: String, _ status: String) async throws -> JSON {
        try await eventually("webhook of \(id) is \(status)") { () -> JSON? in
            let webhook = try await webhook(id)
            return webhook["status"] == .string(status) ? .some(webhook) : .none
        }
    }

    @Test func `post the envelope that the request gets`() async throws {
        try await withReceiver(.status(200)) { receiver in
            let answer = try await server.run(
                "print('out')\nreturn {'a': 1}", ["id": "mine", "webhook_url": .string(receiver.url("/a?b=c"))])
            expectResult(answer, ["a": 1], stdout: "out\n")
            let sent = try #require(try await receiver.wait(for: 1).first)
            #expect(sent.target == "/a?b=c")
            #expect(sent[field: "content-type"] == "application/json")
            #expect(sent[field: "user-agent"]?.hasPrefix("Roost/") == true)
            let id = try #require(answer["job_id"]?.string)
            #expect(sent[field: "webhook-id"] == "msg_\(id)")
            #expect(sent[field: "webhook-timestamp"].flatMap { Int($0) } != nil)
            #expect(sent[field: "webhook-signature"] == nil)
            for name in ["endpoint", "code", "id", "job_id", "response", "message", "pid", "run_time", "stdout"] {
                #expect(sent.json?[name] == answer[name], "\(name)")
            }
            let shown = try await wait(id, "delivered")
            #expect(shown["attempts"] == 1)
            #expect(shown["last_status"] == 200)
            #expect(shown["last_error"] == .null)
            #expect(shown["next_attempt_at"] == .null)
            #expect(shown["delivered_at"]?.string != nil)
            #expect(shown["url"] == .string(receiver.url("/a?b=c")))
        }
    }

    @Test func `post failures too`() async throws {
        try await withReceiver(.status(204)) { receiver in
            let answer = try await server.run("1/0", ["webhook_url": .string(receiver.url())])
            #expect(answer.status == 400)
            let sent = try #require(try await receiver.wait(for: 1).first)
            #expect(sent.json?["code"] == 400)
            #expect(sent.json?["error"] == "ZeroDivisionError: division by zero")
        }
    }

    @Test func `come behind a 202 when the request does not wait`() async throws {
        try await withReceiver(.status(200)) { receiver in
            let answer = try await server.post(
                ServerProcess.code, ["code": "return 7", "webhook_url": .string(receiver.url())],
                fields: [("Prefer", "respond-async")])
            #expect(answer.status == 202)
            #expect(answer["message"] == "processing")
            let sent = try #require(try await receiver.wait(for: 1).first)
            #expect(sent.json?["job_id"] == answer["job_id"])
            #expect(sent.json?["result"] == 7)
        }
    }

    @Test func `are sent again until somebody takes them, with the same id and the same bytes`() async throws {
        let receiver = try WebhookReceiver(.status(500), .status(503), .status(200))
        defer { receiver.close() }
        let answer = try await server.run("print('x' * 100)", ["webhook_url": .string(receiver.url())])
        let id = try #require(answer["job_id"]?.string)
        try await receiver.wait(for: 1)
        var shown = try await eventually("the first attempt is kept") { () -> JSON? in
            let shown = try await webhook(id)
            return shown["attempts"] == 1 ? .some(shown) : .none
        }
        #expect(shown["status"] == "pending")
        #expect(shown["last_status"] == 500)
        #expect(shown["last_error"] == "answered with status 500")
        #expect(shown["next_attempt_at"]?.string != nil)
        // The second comes by itself after some 5 s; the third is asked for, since it would take 30 s.
        try await receiver.wait(for: 2)
        _ = try await eventually("the second attempt is kept") { () -> JSON? in
            let shown = try await webhook(id)
            return shown["attempts"] == 2 ? .some(shown) : .none
        }
        let retry = try await server.request("POST", "/api/v1/python/webhook/retry?id=\(id)")
        #expect(retry.status == 202)
        #expect(retry["success"] == true)
        #expect(retry["job_id"] == .string(id))
        #expect(retry["webhook"]?["status"] == "pending")
        let sent = try await receiver.wait(for: 3)
        #expect(Set(sent.map { $0[field: "webhook-id"] }) == ["msg_\(id)"])
        #expect(Set(sent.map(\.body)).count == 1)
        shown = try await wait(id, "delivered")
        #expect(shown["attempts"] == 3)
    }

    @Test func `are sent once more when asked, also after they were delivered`() async throws {
        try await withReceiver(.status(200)) { receiver in
            let answer = try await server.run("return 1", ["webhook_url": .string(receiver.url())])
            let id = try #require(answer["job_id"]?.string)
            _ = try await wait(id, "delivered")
            let retry = try await server.request("POST", "/api/v1/python/webhook/retry?id=\(id)")
            #expect(retry.status == 202)
            let sent = try await receiver.wait(for: 2)
            #expect(sent[0].body == sent[1].body)
        }
    }

    @Test func `are not sent again to a receiver that is gone`() async throws {
        try await withReceiver(.status(410)) { receiver in
            let answer = try await server.run("return 1", ["webhook_url": .string(receiver.url())])
            let shown = try await wait(try #require(answer["job_id"]?.string), "failed")
            #expect(shown["last_status"] == 410)
            #expect(shown["next_attempt_at"] == .null)
        }
    }

    @Test(arguments: [
        WebhookReceiver.Reply.status(302, fields: "Location: http://127.0.0.1:1/\r\n"),
        .status(307, fields: "Location: /elsewhere\r\n"),
        .status(401, fields: "WWW-Authenticate: Basic realm=\"x\"\r\n"),
    ])
    func `follow no redirect and give no password`(reply: WebhookReceiver.Reply) async throws {
        try await withReceiver(reply) { receiver in
            let answer = try await server.run("return 1", ["webhook_url": .string(receiver.url())])
            let id = try #require(answer["job_id"]?.string)
            let shown = try await eventually("the first attempt is kept") { () -> JSON? in
                let shown = try await webhook(id)
                return shown["attempts"] == 1 ? .some(shown) : .none
            }
            guard case .status(let status, _) = reply else { return }
            #expect(shown["last_status"] == .int(status))
            #expect(shown["status"] == "pending")
            #expect(receiver.received.map(\.target) == ["/hook"])
        }
    }

    @Test func `wait as long as the receiver asks`() async throws {
        try await withReceiver(.status(429, fields: "Retry-After: 5000\r\n")) { receiver in
            let answer = try await server.run("return 1", ["webhook_url": .string(receiver.url())])
            let id = try #require(answer["job_id"]?.string)
            let shown = try await eventually("the first attempt is kept") { () -> JSON? in
                let shown = try await webhook(id)
                return shown["attempts"] == 1 ? .some(shown) : .none
            }
            let (last, next) = (shown["last_attempt_at"]?.string ?? "", shown["next_attempt_at"]?.string ?? "")
            // 5 s later would mostly be the same minute; 5,000 s never is.
            #expect(!last.isEmpty && !next.isEmpty && last.prefix(16) != next.prefix(16))
        }
    }

    @Test func `delay nobody when their receiver hangs or never ends its answer`() async throws {
        let hanging = try WebhookReceiver(.silence)
        let endless = try WebhookReceiver(.endless)
        defer {
            hanging.close()
            endless.close()
        }
        for _ in 0..<6 {
            let answer = try await server.run("return 1", ["webhook_url": .string(hanging.url())])
            expectResult(answer, 1)
        }
        try await hanging.wait(for: 1)
        // What a receiver says after its head is not waited for.
        let answer = try await server.run("return 2", ["webhook_url": .string(endless.url())])
        _ = try await wait(try #require(answer["job_id"]?.string), "delivered")
        #expect(hanging.received.count <= 4)
    }

    @Test func `carry long output whole`() async throws {
        try await withReceiver(.status(200)) { receiver in
            let answer = try await server.run(
                "print('y' * 3_000_000)", ["webhook_url": .string(receiver.url())])
            let sent = try #require(try await receiver.wait(for: 1).first)
            #expect(sent.json?["stdout"] == answer["stdout"])
            #expect(sent.body.count > 6_000_000)
        }
    }

    @Test func `are refused a retry where there is none`() async throws {
        let id = try await server.start("1")
        try await server.wait(for: id, status: "completed")
        #expect(try await server.job(id)["webhook"] == nil)
        let path = "/api/v1/python/webhook/retry"
        expectFailure(try await server.request("POST", "\(path)?id=\(id)"), 409, "JOB_CONFLICT")
        expectFailure(try await server.request("POST", path), 400, "MISSING_PARAMETER")
        expectFailure(
            try await server.request("POST", "\(path)?id=00000000-0000-4000-8000-000000000000"), 404,
            "JOB_NOT_FOUND")
    }
}
