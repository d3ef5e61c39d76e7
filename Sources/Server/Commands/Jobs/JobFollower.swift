internal import RoostCore

/// Follows a job to its end, over connections that break off and servers that start anew.
struct JobFollower {
    /// How long to wait before each further try; one that brought something begins anew.
    private static let pauses: [Int32] = [100, 200, 500, 1000, 2000, 4000]

    private let client: RoostClient
    private let id: String
    /// Whether the server had the job already, so that it is worth coming back.
    private let isKnown: Bool
    private var lastEventID: String?

    init(_ client: RoostClient, id: String, isKnown: Bool) {
        self.client = client
        self.id = id
        self.isKnown = isKnown
    }

    /// Gives each event as it comes.
    ///
    /// - Parameter take: Gets the event's name and data. What it throws ends this, and a further call goes on after
    ///   the event that it was thrown for.
    /// - Returns: The job as it ended.
    /// - Throws: ``ClientError`` when the server stays away or does not know the job, or a signal came.
    mutating func follow(_ take: (String, JSON) throws -> Void) throws -> JSON {
        var failures = 0
        while true {
            do {
                var ended: JSON?
                let seen = lastEventID
                try client.events(JobRoutes.events, [("id", id)], after: seen) { event in
                    failures = 0
                    lastEventID = event.id ?? lastEventID
                    let data =
                        (try? JSONParser.parse(Array((event.data ?? "").utf8), maximumDepth: 1000)) ?? .null
                    if event.event == "done" {
                        ended = data
                        return false
                    }
                    try take(event.event ?? "message", data)
                    return true
                }
                if let ended { return ended }
                throw ClientError.broken(address: client.address.description)
            } catch let error as ClientError {
                guard error.mayPass, isKnown || lastEventID != nil, failures < Self.pauses.count else {
                    throw error
                }
                Interrupts.wait(client.http.interrupts, milliseconds: Self.pauses[failures])
                failures += 1
            }
        }
    }
}
