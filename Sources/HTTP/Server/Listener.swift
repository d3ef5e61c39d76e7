internal import RoostEventLoop

/// A listening socket that all loops share; closed when the last of them has let go.
final class Listener: Sendable {
    let address: String
    let port: Int
    let socket: OwnedDescriptor

    init(address: String, port: Int, socket: consuming OwnedDescriptor) {
        self.address = address
        self.port = port
        self.socket = socket
    }
}
