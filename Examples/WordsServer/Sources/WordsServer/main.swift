import Glibc
import RoostServer

// WordsServer [PORT]: the handler above in a server of its own; job history stays in memory.
var configuration = ApplicationConfiguration()
configuration.port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 8080
exit(try await RoostApplication.run(configuration, handlers: [WordsHandler()]))
