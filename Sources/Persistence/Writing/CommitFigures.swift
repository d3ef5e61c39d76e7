import RoostCore

/// How large the writer's transactions were.
struct CommitFigures: Sendable {
    private(set) var commits = 0
    private(set) var changes = 0
    /// As ``JobStoreFigures/commitSizes``.
    private(set) var sizes = [Int](repeating: 0, count: JobStoreFigures.commitSizeBounds.count + 1)

    mutating func add(changes count: Int) {
        commits += 1
        changes += count
        let bounds = JobStoreFigures.commitSizeBounds
        sizes[bounds.firstIndex { count <= $0 } ?? bounds.count] += 1
    }
}
