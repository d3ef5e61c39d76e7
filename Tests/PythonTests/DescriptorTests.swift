import Glibc
import RoostCore
import RoostPython
import Testing

@Suite struct `Descriptors` {
    /// In a process of its own, so that no other test's descriptors are counted.
    @Test func `none of a job's is left when it has ended`() async {
        await #expect(processExitsWith: .success) {
            try await EngineFixture.withEngine(workers: 1) { engine, _ in
                _ = try await engine.run("print('warm')")
                _ = await eventually { engine.status.ready == 2 && engine.status.busy == 0 }
                let before = DescriptorTests.count()
                for code in ["print(1)", "1 +", "import os; os._exit(1)", "import os; os.kill(os.getpid(), 9)"] {
                    for _ in 0..<10 { _ = try await engine.run(code) }
                }
                let isClean = await eventually {
                    engine.status.ready == 2 && engine.status.busy == 0 && DescriptorTests.count() == before
                }
                if !isClean { exit(1) }
            }
        }
    }
}

enum DescriptorTests {
    /// How many sockets and pipes this process has open; the runtime opens timers of its own when it likes.
    static func count() -> Int {
        guard let folder = unsafe opendir("/proc/self/fd") else { return -1 }
        defer { unsafe closedir(folder) }
        var count = 0
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var target = [CChar](repeating: 0, count: 64)
            let length = unsafe readlink("/proc/self/fd/" + name, &target, target.count)
            let text = String(decoding: target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("socket:") || text.hasPrefix("pipe:") { count += 1 }
        }
        return count
    }
}
