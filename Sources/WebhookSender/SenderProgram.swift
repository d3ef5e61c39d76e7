internal import Foundation
internal import FoundationNetworking
internal import Glibc
internal import RoostWebhooks

/// The program, apart from `main.swift` so that its closures belong to no actor.
enum SenderProgram {
    /// The channel's number; see `ChildSpawner`.
    private static let channelDescriptor: Int32 = 3

    static func run() -> Never {
        let allowPrivate = CommandLine.arguments.contains("--allow-private")
        guard ConnectionCheck.isInForce() else {
            let text = "roost-webhooks: connections cannot be checked with this Foundation; nothing is sent\n"
            _ = unsafe write(STDERR_FILENO, text, text.utf8.count)
            exit(1)
        }
        ConnectionCheck.install(allowPrivate: allowPrivate)
        let channel = Channel(channelDescriptor)
        let sender = Sender(looksUpFirst: !allowPrivate && !CommandLine.arguments.contains("--skip-look-up"))
        { channel.send($0) }
        let session = sender.makeSession()
        while let request = channel.next() { sender.post(request, on: session) }
        // The server has gone, or wants no more: what is under way is its loss, and sent again.
        _exit(0)
    }
}
