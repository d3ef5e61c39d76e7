import RoostCore
import RoostEventLoop
import RoostWebhooks
import Testing

/// Where webhooks may not go.
@Suite(.server()) struct `Targets of webhooks` {
    @Test(arguments: [
        "http://127.0.0.1", "http://[::1]", "http://169.254.169.254/latest/meta-data/", "http://2130706433",
        "http://[::ffff:10.0.0.1]", "http://0x7f.1", "http://0177.0.0.1", "http://10.0.0.1:8080/x",
        "https://192.168.1.1", "http://172.16.0.1", "http://[fe80::1]", "http://[fd00:ec2::254]",
        "http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]", "http://0.0.0.0", "http://localhost:80/",
        "http://LOCALHOST./", "http://ip6-localhost/", "http://256.1.1.1/", "http://user@example.com/",
    ])
    func `refuses what is not on the Internet, or not plain, at once`(url: String) async throws {
        let answer = try await server.run("return 1", ["webhook_url": .string(url)])
        guard url != "http://ip6-localhost/" || answer.status != 200 else { return }  // No such name here.
        #expect(answer.status == 400)
        #expect(answer["job_id"] == .null)
        #expect(answer["exit_code"] == 400)
        #expect(answer["error"]?.string?.contains("webhook_url") == true)
    }

    /// The sender by itself: it is given what a gate would have refused, and what a resolver might say later.
    @Test(arguments: ["http://127.0.0.1", "http://localhost", "http://[::1]", "http://2130706433"])
    func `a sender drops what points to this machine`(url: String) async throws {
        try await withReceiver(.status(200)) { receiver in
            let sender = try SenderProcess(executable: Programs.folder + "/roost-webhooks", allowPrivate: false)
            let result = await sender.post(
                "\(url):\(receiver.port)/", fields: [], body: [0x7B, 0x7D], timeout: .seconds(60))
            guard case .refused = result else {
                Issue.record("not refused: \(result)")
                return
            }
            await sender.close()
            #expect(receiver.received.isEmpty)
        }
    }

    /// The name is public when it is looked up and not when it is connected to: only the check of the connection is left.
    @Test func `no connection is made to an address that is refused, whatever was looked up before`() async throws {
        try await withReceiver(.status(200)) { receiver in
            let sender = try SenderProcess(
                executable: Programs.folder + "/roost-webhooks", allowPrivate: false, skipsLookUp: true)
            let result = await sender.post(
                "http://localhost:\(receiver.port)/", fields: [], body: [0x7B, 0x7D], timeout: .seconds(60))
            guard case .failed = result else {
                Issue.record("not failed: \(result)")
                return
            }
            await sender.close()
            #expect(receiver.received.isEmpty)
        }
    }

    @Test func `a sender that may go anywhere does`() async throws {
        try await withReceiver(.status(200)) { receiver in
            let sender = try SenderProcess(executable: Programs.folder + "/roost-webhooks", allowPrivate: true)
            let result = await sender.post(
                receiver.url(host: "localhost"), fields: [(name: "X-Test", value: "1")], body: [0x7B, 0x7D],
                timeout: .seconds(60))
            #expect(result == .answered(status: 200, retryAfter: nil))
            #expect(receiver.received.first?[field: "x-test"] == "1")
            #expect(receiver.received.first?[field: "expect"] == nil)
            await sender.close()
        }
    }

    @Test func `a sender answers in time for a receiver that does not`() async throws {
        try await withReceiver(.silence) { receiver in
            let sender = try SenderProcess(executable: Programs.folder + "/roost-webhooks", allowPrivate: true)
            let result = await sender.post(
                receiver.url(), fields: [], body: [], timeout: .milliseconds(300))
            #expect(result == .failed("no answer within 0.3 s"))
            await sender.close()
        }
    }

    @Test func `a sender that cannot be started is a failure like another`() async throws {
        let sender = try SenderProcess(executable: "/nonexistent", allowPrivate: true)
        let result = await sender.post("http://e.com/", fields: [], body: [], timeout: .seconds(1))
        guard case .failed(let cause) = result else {
            Issue.record("not failed: \(result)")
            return
        }
        #expect(cause.contains("does not start"))
        await sender.close()
    }
}
