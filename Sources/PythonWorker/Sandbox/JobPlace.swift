/// What one process for a job has of its own, from before its fork until nothing of it is left.
struct JobPlace {
    /// Its scratch folder; a name that comes once.
    let scratch: String
    /// The user it runs as, when the server is root.
    var user: UInt32?
    /// Process 1 of its own process table, in a strict sandbox.
    var initProcess: InitProcess?
    /// The control group that bounds its memory, and how many were killed in it before.
    var memory: (group: MemoryGroup, kills: Int)?
}
