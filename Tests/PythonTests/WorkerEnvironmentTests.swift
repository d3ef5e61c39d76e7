import Testing

@testable import RoostPython

@Suite struct `The environment of the worker` {
    @Test func `holds what programs need, and never the server's own`() {
        let lines = [
            "PATH=/bin", "HOME=/root", "LANG=C", "LC_ALL=C", "LC_TIME=C", "TZ=UTC", "USER=u",
            "LOGNAME=u", "TMPDIR=/tmp", "ROOST_API_KEY=secret", "PYTHONPATH=/x", "LD_PRELOAD=x", "AWS_SECRET=x", "PATHX=1", "LC=1", "=x",
            "",
        ]
        #expect(WorkerEnvironment.allowed(lines) == Array(lines[..<8]))
    }
}
