import Glibc
import RoostCore
import RoostPython

/// An engine over the real `roost-python`, which stands beside the test bundle.
enum EngineFixture {
    static var executable: String { folder(of: ownPath) + "/roost-python" }

    private static var ownPath: String {
        // `/proc/self/exe` may be the toolchain's test helper; the bundle is then among the arguments.
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") { return argument }
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }

    /// Runs `body` with a started engine, and shuts it down.
    static func withEngine(
        workers: Int = 2, modules: [HostModule] = [], logger: Logger = .silent,
        _ body: (PythonEngine, TemporaryFolder) async throws -> Void
    ) async throws {
        let scratch = TemporaryFolder()
        let configuration = PythonEngineConfiguration(
            executable: executable, scratch: scratch.path, workers: workers, modules: modules)
        let engine = try PythonEngine(configuration: configuration, logger: logger)
        try await engine.start()
        do { try await body(engine, scratch) } catch {
            await engine.shutdown()
            throw error
        }
        await engine.shutdown()
        withExtendedLifetime(scratch) {}
    }
}

extension PythonEngine {
    func run(_ code: String, _ context: RecordingContext = RecordingContext()) async throws -> JobOutcome {
        try await run(Array(code.utf8), in: context)
    }
}

extension JobOutcome {
    var failure: JobFailure? { if case .failed(let failure) = self { failure } else { nil } }

    var result: String? {
        guard case .completed(let result, _, _) = self else { return nil }
        return result.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "none"
    }
}

/// Looks every 2 ms until something is so; false after a minute, which only a hang reaches.
func eventually(_ condition: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return false
}
