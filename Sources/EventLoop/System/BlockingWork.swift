/// One thread for calls that block, such as those of a file system, so that neither event loops nor the
/// cooperative pool wait for a disk.
///
/// The thread is an ``EventLoop`` without descriptors: a queue of closures is all that is needed here.
package final class BlockingWork: Sendable {
    /// Shared by all host modules of the process; made on first use and kept.
    package static let shared = BlockingWork()

    private let thread: EventLoop?

    private init() {
        let loop = try? EventLoop(name: "files")
        // Without a thread to be had, blocking for a moment is better than failing.
        do { try loop?.start() } catch {
            thread = nil
            return
        }
        thread = loop
    }

    /// Runs `body` on the thread, after what was given before.
    ///
    /// - Throws: What `body` throws.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard let thread else { return try body() }
        return try await withCheckedThrowingContinuation { continuation in
            thread.execute { continuation.resume(with: Result { try body() }) }
        }
    }
}
