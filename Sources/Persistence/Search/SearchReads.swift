import RoostCore

/// Lists that are filtered by text. Within a snapshot of the reader.
struct SearchReads {
    /// What a search came to.
    struct Found {
        /// The jobs, in the order of the list.
        var matches: [Int64] = []
        /// The job after which there may be more; nil when there are none.
        var stoppedAt: Int64?
    }

    static let indexed =
        "SELECT rowid FROM job_texts WHERE job_texts MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid"
    static let skipped = "SELECT seq FROM job_search_skipped WHERE seq BETWEEN ? AND ? ORDER BY seq"

    private let text: JobTextQuery
    private let query: JobQuery
    private let plan: JobListPlan
    private let budget: SearchBudget
    private let connection: SQLiteConnection
    private var order: String { query.order == .desc ? " DESC" : " ASC" }

    init(
        _ text: JobTextQuery, _ query: JobQuery, _ plan: JobListPlan, _ budget: SearchBudget,
        _ connection: SQLiteConnection
    ) {
        self.text = text
        self.query = query
        self.plan = plan
        self.budget = budget
        self.connection = connection
    }

    /// One page, with its total.
    ///
    /// - Returns: The jobs of the page.
    func list(limit: Int, _ page: inout JobPage) throws(SQLiteError) -> [Int64] {
        var unpaged = query
        unpaged.cursor = nil
        guard let all = try JobReads.bounds(unpaged, connection) else { return [] }
        let counted = try find(all, atMost: JobPage.countedMatches + 1)
        page.total = min(counted.matches.count, JobPage.countedMatches)
        page.totalIsMinimum = counted.stoppedAt != nil
        var found = counted
        if query.cursor != nil {
            guard let bounds = try JobReads.bounds(query, connection) else { return [] }
            found = try find(bounds, atMost: limit + 1)
        }
        let rest = found.matches.dropFirst(max(0, query.offset))
        let sequences = Array(rest.prefix(limit))
        if rest.count > limit {
            page.nextCursor = sequences.last.map(JobCursor.init(sequence:))
        } else if let stopped = found.stoppedAt {
            page.nextCursor = JobCursor(sequence: stopped)
            page.hint = "Only some of the jobs were looked at; next_cursor goes on with the rest"
        }
        return sequences
    }

    /// Finds the first jobs within bounds.
    private func find(_ bounds: ClosedRange<Int64>, atMost limit: Int) throws(SQLiteError) -> Found {
        guard connection.hasTextIndex else { return try scan(bounds, atMost: limit) }
        var candidates: Int64 = 0
        try connection.run(plan.countSQL, plan.countValues(bounds, limit: budget.scannedOutright + 1)) {
            row in
            candidates = row.int(0)
            return true
        }
        if candidates <= budget.scannedOutright { return try scan(bounds, atMost: limit) }
        let mark = try SearchIndex.indexedTo(connection)
        let old = bounds.lowerBound <= mark ? bounds.lowerBound...min(mark, bounds.upperBound) : nil
        let new = bounds.upperBound > mark ? max(mark + 1, bounds.lowerBound)...bounds.upperBound : nil
        var found = Found()
        for isOld in query.order == .desc ? [false, true] : [true, false] {
            guard let part = isOld ? old : new else { continue }
            let more =
                isOld
                ? try searchIndex(part, atMost: limit - found.matches.count)
                : try scan(part, atMost: limit - found.matches.count)
            found.matches += more.matches
            found.stoppedAt = more.stoppedAt
            if found.stoppedAt != nil { break }
        }
        return found
    }

    /// Looks at jobs one by one until enough match, the budget is used up, or none is left.
    private func scan(_ bounds: ClosedRange<Int64>, atMost limit: Int) throws(SQLiteError) -> Found {
        var found = Found()
        var (jobs, bytes) = (0, 0)
        try connection.run(plan.sequencesSQL, plan.sequencesValues(bounds, limit: -1, offset: 0)) {
            row throws(SQLiteError) in
            let sequence = row.int(0)
            guard let texts = try SearchTexts(sequence, connection) else { return true }
            jobs += 1
            bytes += texts.size
            if text.matches(texts.all) { found.matches.append(sequence) }
            guard found.matches.count < limit, jobs < budget.scannedJobs, bytes < budget.scannedBytes else {
                found.stoppedAt = sequence
                return false
            }
            return true
        }
        return found
    }

    /// Asks the index, and looks at the jobs it has passed over, in one order.
    private func searchIndex(_ bounds: ClosedRange<Int64>, atMost limit: Int) throws(SQLiteError) -> Found {
        let range: [SQLiteValue] = [.int(bounds.lowerBound), .int(bounds.upperBound)]
        let filter = JobFilter(query)
        // Few: jobs that have not ended, and those that ended just now.
        var passedOver: [Int64] = []
        try connection.run(Self.skipped + order, range) { row throws(SQLiteError) in
            let sequence = row.int(0)
            if try filter.passes(sequence, connection), let texts = try SearchTexts(sequence, connection),
                text.matches(texts.all)
            {
                passedOver.append(sequence)
            }
            return true
        }
        var found = Found()
        var next = passedOver[...]
        func isFirst(_ left: Int64, _ right: Int64) -> Bool {
            query.order == .desc ? left > right : left < right
        }
        /// - Returns: False when that is enough.
        func take(_ sequence: Int64) -> Bool {
            found.matches.append(sequence)
            guard found.matches.count >= limit else { return true }
            found.stoppedAt = sequence
            return false
        }
        var looked = 0
        try connection.run(Self.indexed + order, [SearchIndex.expression(text)] + range) {
            row throws(SQLiteError) in
            let sequence = row.int(0)
            while let earlier = next.first, isFirst(earlier, sequence) {
                next.removeFirst()
                guard take(earlier) else { return false }
            }
            looked += 1
            if try filter.passes(sequence, connection), !take(sequence) { return false }
            guard looked < budget.indexedJobs else {
                found.stoppedAt = sequence
                return false
            }
            return true
        }
        while found.stoppedAt == nil, let sequence = next.popFirst() { _ = take(sequence) }
        return found
    }
}
