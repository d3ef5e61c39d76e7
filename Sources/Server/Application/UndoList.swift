/// What has to be undone when a start fails half-way, run in reverse.
struct UndoList: Sendable {
    private var steps: [@Sendable () async -> Void] = []

    mutating func add(_ step: @escaping @Sendable () async -> Void) { steps.append(step) }

    func run() async {
        for step in steps.reversed() { await step() }
    }
}
