import RoostCore
import RoostWebhooks
import Testing

@Suite struct WebhookSignatureTests {
    /// The vector that the libraries of Standard Webhooks are tested with.
    @Test func `signs as Standard Webhooks does`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = WebhookSignature.sign(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8), secret: secret)
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    /// RFC 4231, cases 1, 2, 3, 6 and 7.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array(
                "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."
                    .utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ])
    func `computes HMAC-SHA256`(key: [UInt8], message: [UInt8], expected: String) {
        let hex = WebhookSignature.hmac(key: key, message).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        #expect(hex.joined() == expected)
    }

    @Test func `each secret makes a signature, and without one there is none`() throws {
        let secrets = try WebhookSecret.list(
            "# two\nwhsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\r\n\n whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA \n"
        ).get()
        let time = Timestamp(milliseconds: 1_614_265_330_999)
        let signed = WebhookSignature.fields(id: "msg_1", body: [0x61], at: time, secrets: secrets)
        #expect(signed.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(signed[1].value == "1614265330")
        #expect(signed[2].value.split(separator: " ").count == 2)
        #expect(signed[2].value.split(separator: " ").allSatisfy { $0.hasPrefix("v1,") })
        #expect(WebhookSignature.fields(id: "msg_1", body: [], at: time, secrets: []).count == 2)
    }

    @Test(arguments: [
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_AAAA", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS*",
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + String(repeating: "A", count: 88),
    ])
    func `refuses what is no secret, and names the line only`(text: String) {
        #expect(WebhookSecret(text) == nil)
        guard case .failure(let line) = WebhookSecret.list("\n" + text) else {
            Issue.record("taken for a secret")
            return
        }
        #expect(line.number == 2)
    }

    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `reads and writes Base64`(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zg=", "Zg===", "Zh==", "Zm9v=", "Zm 9", "Zm9-"])
    func `refuses malformed Base64`(text: String) { #expect(Base64.decode(text) == nil) }
}
