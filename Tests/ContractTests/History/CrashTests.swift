import Testing

/// The same as `Scripts/bench crash`, with few rounds.
@Suite struct `A server that is killed under load` {
    private static let script =
        #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } + "/Benchmarks/crash.py"

    @Test(.enabled(if: Programs.python != nil, "needs python3"))
    func `has lost, changed and repeated nothing`() async throws {
        let python = try #require(Programs.python)
        try await Places.shared.hold(2) {
            let folder = try TemporaryFolder()
            let process = try ChildProcess(
                python, [Self.script, "--roost", Programs.roost, "--rounds", "6", "--seconds", "1"],
                environment: ServerProcess.environment(folder), keeping: folder)
            let ending = try await process.waitForEnd(within: .seconds(180))
            #expect(ending == .exit(0), "\(process.output)\(process.errors)")
            #expect(process.output.contains("nothing lost, nothing changed, nothing twice"), "\(process.output)")
        }
    }
}
