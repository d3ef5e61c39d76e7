internal import Synchronization

/// Where the connections of one loop read to, one after the other, so that an idle one holds no buffer.
final class ReadBuffer: Sendable {
    /// 64 KiB; taken by one connection at a time, on the loop's thread, so nobody ever waits for it.
    let bytes = Mutex([UInt8](repeating: 0, count: 64 * 1024))
}
