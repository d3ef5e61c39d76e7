import CLinux
import Glibc
import RoostCore
import RoostEventLoop
import Testing

@testable import RoostHTTP

@Suite struct BindTests {
    private func server() throws -> HTTPServer {
        HTTPServer(service: TestService(), loops: try EventLoopGroup(count: 1, name: "bind"), logger: .silent)
    }

    @Test func `a port in use is refused by address and number, and nobody can bind beside the server`() throws {
        let first = try server()
        let port = try first.bind(addresses: ["127.0.0.1"], port: 0)
        #expect(throws: BindError.inUse(address: "127.0.0.1", port: port)) {
            _ = try server().bind(addresses: ["127.0.0.1"], port: port)
        }
        // Not even with SO_REUSEPORT: that needs the first socket's consent.
        let thief = socket(AF_INET, CLINUX_SOCK_STREAM | CLINUX_SOCK_CLOEXEC, 0)
        defer { close(thief) }
        var one: Int32 = 1
        _ = unsafe setsockopt(thief, SOL_SOCKET, SO_REUSEPORT, &one, 4)
        let address = try #require(SocketAddress("127.0.0.1", port: port))
        let result = unsafe address.withKernelForm { unsafe bind(thief, $0, $1) }
        #expect(result == -1 && errno == EADDRINUSE)
        #expect(BindError.inUse(address: "::1", port: 80).description.contains("port 80 on ::1"))
    }

    @Test func `port 0 is one number for all addresses`() throws {
        // 127.0.0.2 stands for a second address on machines without IPv6.
        let server = try server()
        let port = try server.bind(addresses: ["127.0.0.1", "127.0.0.2", "127.0.0.1"], port: 0)
        #expect(server.boundAddresses == ["127.0.0.1", "127.0.0.2"])
        for address in ["127.0.0.1", "127.0.0.2"] { _ = try BlockingClient(address: address, port: port) }
        #expect(server.bindWarnings.isEmpty)
    }

    @Test func `nothing listens after a bind that failed halfway`() throws {
        let blocker = try server()
        let port = try blocker.bind(addresses: ["127.0.0.2"], port: 0)
        #expect(throws: BindError.inUse(address: "127.0.0.2", port: port)) {
            _ = try server().bind(addresses: ["127.0.0.1", "127.0.0.2"], port: port)
        }
        #expect(throws: BlockingClient.Failure.failed(ECONNREFUSED)) {
            _ = try BlockingClient(address: "127.0.0.1", port: port)
        }
    }

    /// A server on a machine where IPv6 addresses cannot be had, for this reason.
    private func serverWithoutIPv6(_ code: Int32) throws -> HTTPServer {
        HTTPServer(
            service: TestService(), options: HTTPOptions(), loops: try EventLoopGroup(count: 1, name: "bind"),
            logger: .silent, onExchange: nil,
            listen: { address, backlog throws(SystemError) in
                guard address.family == AF_INET else { throw SystemError(code, "bind") }
                return try Sockets.listen(on: address, backlog: backlog)
            })
    }

    @Test(arguments: [EADDRNOTAVAIL, EAFNOSUPPORT])
    func `::1 is left out with a warning on a machine without IPv6`(code: Int32) throws {
        let server = try serverWithoutIPv6(code)
        let port = try server.bind(addresses: ["127.0.0.1", "::1"], port: 0)
        #expect(server.boundAddresses == ["127.0.0.1"])
        let warning = try #require(server.bindWarnings.first)
        #expect(server.bindWarnings.count == 1)
        #expect(warning.contains("::1") && warning.hasSuffix("serving the other addresses only"))
        _ = try BlockingClient(address: "127.0.0.1", port: port)
    }

    @Test func `a missing IPv6 address is refused where nothing else is asked for or another one is`() throws {
        let server = try serverWithoutIPv6(EADDRNOTAVAIL)
        #expect(throws: BindError.self) { _ = try server.bind(addresses: ["::1"], port: 0) }
        #expect(throws: BindError.self) { _ = try server.bind(addresses: ["127.0.0.1", "2001:db8::1"], port: 0) }
        let forbidden = try serverWithoutIPv6(EACCES)
        #expect(throws: BindError.self) { _ = try forbidden.bind(addresses: ["127.0.0.1", "::1"], port: 0) }
    }

    @Test func `what is no address or port is refused`() throws {
        #expect(throws: BindError.notAnAddress("localhost")) {
            _ = try server().bind(addresses: ["127.0.0.1", "localhost"], port: 0)
        }
        #expect(throws: BindError.notAnAddress("")) { _ = try server().bind(addresses: [], port: 0) }
        #expect(throws: BindError.notAPort(65_536)) { _ = try server().bind(addresses: ["::1"], port: 65_536) }
        // TEST-NET-1 is nobody's address.
        #expect(throws: BindError.self) { _ = try server().bind(addresses: ["192.0.2.1"], port: 0) }
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("[::1]", "::1"), ("0:0::1", "::1"), ("0.0.0.0", "0.0.0.0"),
    ]) func `reads numeric addresses and writes them back`(_ text: String, _ expected: String) throws {
        let address = try #require(SocketAddress(text, port: 8080))
        #expect(address.text == expected)
        let length = unsafe address.withKernelForm { unsafe Int($0.pointee.sa_family) * 1000 + Int($1) }
        #expect(length == (expected.contains(":") ? Int(AF_INET6) * 1000 + 28 : Int(AF_INET) * 1000 + 16))
    }

    @Test(.timeLimit(.minutes(5))) func `out of descriptors it closes connections instead of letting them hang`()
        async
    {
        await #expect(processExitsWith: .success) {
            let loops = try EventLoopGroup(count: 1, name: "poor")
            try loops.start()
            let server = HTTPServer(service: TestService(), loops: loops, logger: .silent)
            let port = try server.bind(addresses: ["127.0.0.1"], port: 0)
            try await server.start()
            let address = try #require(SocketAddress("127.0.0.1", port: port))
            // All sockets of the clients first: what is left under the limit is the server's.
            let clients = (0..<20).map { _ in BlockingClient() }
            var limit = rlimit(rlim_cur: 0, rlim_max: 0)
            _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            limit.rlim_cur = rlim_t(clients.map(\.descriptor).max()! + 6)
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            for client in clients {
                _ = unsafe address.withKernelForm { unsafe connect(client.descriptor, $0, $1) }
            }
            var answered = 0
            for client in clients {
                do { answered += try client.get("/").status == 200 ? 1 : 0 } catch BlockingClient.Failure.timedOut {
                    exit(2)
                } catch {}
            }
            guard answered > 0, answered < clients.count else { exit(3) }
            // Descriptors come free, and everybody is served again.
            clients.forEach { $0.close() }
            let answers = eventually {
                (try? BlockingClient(address: "127.0.0.1", port: port).get("/"))?.status == 200
            }
            exit(answers ? 0 : 4)
        }
    }
}
