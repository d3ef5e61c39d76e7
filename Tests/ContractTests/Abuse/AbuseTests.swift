import Glibc
import RoostCore
import Testing

/// Small limits, so that they are easy to reach.
private let limits = [
    "--workers", "3", "--max-output", "1000000", "--memory-limit", "402653184", "--process-limit", "24", "--file-limit", "8388608",
]

@Suite(.server(limits + ["--sandbox", "limits"]), .serialized) struct `Abuse under limits` {
    @Test(arguments: Abuse.all) func `ends as it has to and harms nobody`(abuse: Abuse) async throws {
        try await AbuseHarness(server: server).check(abuse)
    }

    @Test func `cannot write into another job`() async throws {
        let server = try server
        async let quiet = server.execute("import time\ntime.sleep(1)\nprint('only me')")
        _ = try await server.execute(
            "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'intruder')\n    except OSError: pass")
        let answer = try await quiet
        expectSuccess(answer)
        #expect(answer["output"] == "only me")
    }

    @Test(.enabled(if: geteuid() == 0), arguments: Abuse.confined)
    func `does not reach the server`(abuse: Abuse) async throws {
        try await AbuseHarness(server: server).check(abuse)
    }
}

@Suite(.server(limits + ["--sandbox", "strict"]), .enabled(if: StrictSandbox.isPossible), .serialized)
struct `Abuse under strict` {
    @Test(arguments: Abuse.all + Abuse.confined)
    func `ends as it has to and harms nobody`(abuse: Abuse) async throws {
        try await AbuseHarness(server: server).check(abuse)
    }
}

/// Without a sandbox nothing outlives a job either; what only limits stop is left out.
@Suite(.server(["--workers", "3", "--max-output", "1000000", "--sandbox", "off"]), .serialized) struct `Abuse without a sandbox` {
    private static let harmless =
        Abuse.time + Abuse.output + Abuse.leaks
        + Abuse.processes.filter { !$0.endings.contains(.timesOut) && $0.says != "unavailable" && $0.says != "thread" }

    @Test(arguments: harmless) func `leaves nothing behind`(abuse: Abuse) async throws {
        try await AbuseHarness(server: server).check(abuse)
    }
}
