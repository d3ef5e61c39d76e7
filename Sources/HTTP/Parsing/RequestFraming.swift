/// What a head says about the bytes that follow it and about the connection.
package struct RequestFraming: Sendable, Equatable {
    /// How the body is delimited (RFC 9112 §6.3).
    package enum Body: Sendable, Equatable {
        /// No body.
        case none
        /// So many bytes; at least one.
        case length(Int)
        /// Chunked transfer coding.
        case chunked
    }

    /// How the body is delimited.
    package var body: Body
    /// Whether the client wants to use the connection again (RFC 9112 §9.3).
    package var keepsAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
    package var expectsContinue: Bool

    package init(body: Body = .none, keepsAlive: Bool = true, expectsContinue: Bool = false) {
        self.body = body
        self.keepsAlive = keepsAlive
        self.expectsContinue = expectsContinue
    }
}
