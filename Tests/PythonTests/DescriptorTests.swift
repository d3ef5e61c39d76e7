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
    /// How many descriptors this process has open.
    static func count() -> Int {
        guard let folder = unsafe opendir("/proc/self/fd") else { return -1 }
        defer { unsafe closedir(folder) }
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        return count
    }
}
