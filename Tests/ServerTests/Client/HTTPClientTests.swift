import RoostCore
@testable import RoostServer
import Testing

@Suite struct `A client of a server that behaves badly` {
    private static func ask(
        _ answer: String, stays: Bool = false, patience: Duration = .seconds(20)
    ) async throws -> (Result<JSON, ClientError>, address: String) {
        let server = try CannedServer(answer, stays: stays)
        let address = ServerAddress(endpoint: .tcp(host: "127.0.0.1", port: server.port))
        let result = try await CommandThread.run {
            var client = RoostClient(address: address, key: nil)
            client.http.patience = patience
            return Result { () throws(ClientError) -> JSON in
                do { return try client.get("/health") } catch let error as ClientError { throw error } catch {
                    Issue.record(error)
                    return .null
                }
            }
        }
        withExtendedLifetime(server) {}
        return (result, address.description)
    }

    @Test func `is told of the server's own error`() async throws {
        let body = #"{"success":false,"error":{"code":"QUEUE_FULL","message":"too\u001b[2J many"}}"#
        let (result, _) = try await Self.ask("HTTP/1.1 429 X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let refusal = ClientError.Refusal(status: 429, code: "QUEUE_FULL", message: "too\u{1B}[2J many")
        #expect(result == .failure(.refused(refusal)))
        #expect("\(ClientError.refused(refusal))" == "too␛[2J many (QUEUE_FULL)")
    }

    @Test func `waits no longer than its patience`() async throws {
        let (result, address) = try await Self.ask("HTTP/1.1 200 OK\r\n", stays: true, patience: .milliseconds(100))
        #expect(result == .failure(.timedOut(address: address, seconds: 0)))
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
    func `says when the connection breaks off`(answer: String) async throws {
        let (result, address) = try await Self.ask(answer)
        #expect(result == .failure(.broken(address: address)))
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\n\r\n<html>", "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 301 X\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    ])
    func `says when what answers is no Roost`(answer: String) async throws {
        let (result, _) = try await Self.ask(answer)
        guard case .failure(.noRoost) = result else {
            Issue.record("\(result)")
            return
        }
    }
}
