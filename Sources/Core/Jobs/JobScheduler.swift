/// Whose turn it is: a state machine without tasks or clock.
///
/// Each lane runs as many jobs at once as it is wide. Within a lane, clients take turns, and the jobs of one
/// client go in the order of their arrival, so that one who sends a thousand does not hold up one who sends one.
/// The jobs of one session run one after the other in the order of their arrival, whoever sent them; those behind
/// the first take part in no turn, so they hold up nobody.
struct JobScheduler {
    private struct Lane {
        let width: Int
        var running = 0
        var reserved = 0
        /// Clients with waiting jobs, in the order of their turns.
        var turns: [String] = []
        var waiting: [String: [JobID]] = [:]
        var waitingCount = 0
        /// For each session with a job that runs or takes part in the turns: those behind it.
        var behind: [String: [(id: JobID, client: String)]] = [:]

        mutating func takePart(_ id: JobID, client: String) {
            if waiting[client] == nil { turns.append(client) }
            waiting[client, default: []].append(id)
        }

        /// The first job of a session is over: the next takes part, if there is one.
        mutating func advance(_ session: String?) {
            guard let session, var queue = behind.removeValue(forKey: session), !queue.isEmpty else { return }
            let next = queue.removeFirst()
            behind[session] = queue
            takePart(next.id, client: next.client)
        }
    }

    private var lanes: [String: Lane] = [:]

    init(_ lanes: [JobLane]) {
        for lane in lanes {
            self.lanes[lane.name] = Lane(width: max(lane.width, self.lanes[lane.name]?.width ?? 1))
        }
    }

    /// How many jobs of a lane wait, and how many run.
    func counts(_ lane: String) -> (waiting: Int, running: Int) {
        guard let lane = lanes[lane] else { return (0, 0) }
        return (lane.waitingCount + lane.reserved, lane.running)
    }

    /// The jobs of a lane whose turn is next, one for each client that waits.
    func heads(_ lane: String) -> [JobID] { lanes[lane]?.waiting.values.compactMap(\.first) ?? [] }

    /// How many of a lane's jobs run at once.
    func width(_ lane: String) -> Int { lanes[lane]?.width ?? 0 }

    /// Whether a job that comes now would begin at once, before nobody else.
    func isFree(_ name: String, session: String? = nil) -> Bool {
        guard let lane = lanes[name], lane.running < lane.width else { return false }
        return lane.waitingCount == 0 && lane.reserved == 0
            && (session.map { lane.behind[$0] == nil } ?? true)
    }

    /// Holds a place for a job that is not ready to run yet.
    ///
    /// - Parameters:
    ///   - name: The lane.
    ///   - client: Whose job it is.
    ///   - maximumWaiting: Jobs that may wait.
    ///   - forOthers: How many of these places only a client gets who has no job waiting.
    /// - Returns: False when there is no place, or no such lane.
    mutating func reserve(lane name: String, client: String, maximumWaiting: Int, forOthers: Int) -> Bool {
        guard var lane = lanes[name] else { return false }
        let places = maximumWaiting - (lane.waiting[client] == nil ? 0 : forOthers)
        guard lane.waitingCount + lane.reserved + lane.running < lane.width + places else { return false }
        lane.reserved += 1
        lanes[name] = lane
        return true
    }

    /// Holds a place for a job that had one before the server was started again, however many wait.
    ///
    /// - Returns: False when there is no such lane.
    mutating func reserveAgain(lane name: String) -> Bool {
        guard lanes[name] != nil else { return false }
        lanes[name]?.reserved += 1
        return true
    }

    /// Gives a place back.
    mutating func unreserve(lane name: String) { lanes[name]?.reserved -= 1 }

    /// Turns a held place into a waiting job.
    mutating func enqueue(_ id: JobID, lane name: String, client: String, session: String? = nil) {
        guard var lane = lanes[name] else { return }
        lane.reserved -= 1
        lane.waitingCount += 1
        if let session, lane.behind[session] != nil {
            lane.behind[session]?.append((id, client))
        } else {
            if let session { lane.behind[session] = [] }
            lane.takePart(id, client: client)
        }
        lanes[name] = lane
    }

    /// The jobs of a lane that may begin now; they count as running from here on.
    mutating func next(lane name: String) -> [JobID] {
        guard var lane = lanes[name] else { return [] }
        var started: [JobID] = []
        while lane.running < lane.width, !lane.turns.isEmpty {
            let client = lane.turns.removeFirst()
            guard var queue = lane.waiting.removeValue(forKey: client), !queue.isEmpty else { continue }
            started.append(queue.removeFirst())
            lane.waitingCount -= 1
            lane.running += 1
            if !queue.isEmpty {
                lane.waiting[client] = queue
                lane.turns.append(client)
            }
        }
        lanes[name] = lane
        return started
    }

    /// A running job has ended.
    mutating func finished(lane name: String, session: String? = nil) {
        lanes[name]?.running -= 1
        lanes[name]?.advance(session)
    }

    /// Takes a waiting job out.
    ///
    /// - Returns: False when it does not wait: it runs or has ended.
    mutating func remove(_ id: JobID, lane name: String, session: String? = nil) -> Bool {
        guard var lane = lanes[name] else { return false }
        if let session, let index = lane.behind[session]?.firstIndex(where: { $0.id == id }) {
            lane.behind[session]?.remove(at: index)
            lane.waitingCount -= 1
            lanes[name] = lane
            return true
        }
        for (client, queue) in lane.waiting {
            guard let index = queue.firstIndex(of: id) else { continue }
            var queue = queue
            queue.remove(at: index)
            lane.waitingCount -= 1
            if queue.isEmpty {
                lane.waiting[client] = nil
                lane.turns.removeAll { $0 == client }
            } else {
                lane.waiting[client] = queue
            }
            lane.advance(session)
            lanes[name] = lane
            return true
        }
        return false
    }

    /// Takes every waiting job out of every lane.
    mutating func removeAll() -> [JobID] {
        var all: [JobID] = []
        for name in lanes.keys {
            guard var lane = lanes[name] else { continue }
            for queue in lane.waiting.values { all.append(contentsOf: queue) }
            for queue in lane.behind.values { all.append(contentsOf: queue.map(\.id)) }
            lane.waiting = [:]
            lane.behind = [:]
            lane.turns = []
            lane.waitingCount = 0
            lanes[name] = lane
        }
        return all
    }
}
