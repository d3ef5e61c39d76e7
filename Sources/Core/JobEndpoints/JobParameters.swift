/// The parameters of the routes about jobs, the same wherever such a route is.
package enum JobParameters {
    package static let id = QueryParameter<SentJobID>(
        "id", "Job ID (UUID)", required: true, invalid: .invalidJobID, emptyIsAbsent: true)
    package static let mode = QueryParameter<DeleteMode>(
        "mode", "Only cancel, or only remove; without it whichever fits the job's state")
    package static let lastEventID = HeaderParameter<String>(
        "Last-Event-ID", "The id of the last event that was seen; the rest follows")

    package static let status = QueryParameter<StatusFilter>(
        "status", "Only jobs in this state", default: .all)
    package static let limit = QueryParameter<Int>(
        "limit", "Maximum jobs to return", in: 1...1000, default: 100)
    package static let offset = QueryParameter<Int>(
        "offset", "Skip the first jobs", in: 0...Int.max, default: 0)
    package static let order = QueryParameter<JobQuery.Order>(
        "order", "Newest or oldest first", default: .desc)
    package static let cursor = QueryParameter<JobCursor>(
        "cursor", "Where to go on; not together with offset")
    package static let client = QueryParameter<String>(
        "client", "Only jobs of the client with this key name or address", emptyIsAbsent: true)
    package static let handler = QueryParameter<String>(
        "handler", "Only jobs of the handler with this name", emptyIsAbsent: true)
    package static let session = QueryParameter<String>(
        "session", "Only jobs of the session with this name", emptyIsAbsent: true)
    package static let since = QueryParameter<Timestamp>(
        "since", "Only jobs accepted at this time or later", emptyIsAbsent: true)
    package static let until = QueryParameter<Timestamp>(
        "until", "Only jobs accepted before this time", emptyIsAbsent: true)
    package static let text = QueryParameter<JobTextQuery>(
        "q", "Only jobs with all these words in their code or output; a phrase within quotation marks",
        emptyIsAbsent: true)

    /// Those of a list, in the order in which they are checked.
    package static let list: [any ParameterDeclaration] = [
        status, limit, offset, order, cursor, client, handler, session, since, until, text,
    ]
}
