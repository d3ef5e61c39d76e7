import Hummingbird
import Logging
import NIOCore
import NIOPosix

/// The server Roost is measured against: one route, the bytes of its answer made beforehand.
///
/// `hummingbird-hello BODY` listens on a free port of 127.0.0.1, prints the number, and answers
/// `GET /api/v1/health` with BODY. One event loop a core, as Roost has; no log.
@main
struct HummingbirdHello {
    static func main() async throws {
        let body = ByteBuffer(string: CommandLine.arguments.dropFirst().first ?? "{}")
        let router = Router()
        router.get("/api/v1/health") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body)
            )
        }
        var logger = Logger(label: "hummingbird-hello")
        logger.logLevel = .critical
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                print(channel.localAddress?.port ?? 0)
                fflush(nil)
            },
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)),
            logger: logger
        )
        try await application.runService()
    }
}
