internal import RoostEventLoop

/// A listening socket that all loops share; closed when the last of them has let go.
final class Listener: Sendable {
    let address: String
    let port: Int
    let socket: OwnedDescriptor
    /// The file of a Unix domain socket.
    let file: UnixSocket?

    init(address: String, port: Int, socket: consuming OwnedDescriptor, file: UnixSocket? = nil) {
        self.file = file
        self.address = address
        self.port = port
        self.socket = socket
    }
}
