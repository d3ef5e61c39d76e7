internal import RoostCore

/// Jobs that go to sessions, and the end of a session with its jobs.
struct SessionJobs {
    let engine: PythonEngine
    let context: HandlerContext

    /// A job that has its place in a session and is not in the queue yet.
    struct Entry {
        /// What to submit: with an id, by which the session knows it.
        let asked: JobRequest
        let work: JobWork
        fileprivate let jobs: SessionJobs
        fileprivate let id: JobID
        fileprivate let place: SessionPlace

        /// The queue has taken the job.
        func accepted(_ handle: JobHandle) async throws(APIFailure) {
            jobs.watch(handle, place)
            // The session was closed while the job was on its way into the queue.
            if !jobs.engine.isOpen(place) { _ = try await jobs.context.jobs.cancel(id) }
        }

        /// The queue has not taken the job.
        func refused() { jobs.engine.refuse(id, place) }
    }

    /// Gives a job its place in a session.
    ///
    /// - Throws: `QUEUE_FULL` (429) when there are too many sessions.
    func enter(_ asked: JobRequest, _ source: PythonSource, _ session: SessionName) throws(APIFailure)
        -> Entry
    {
        var asked = asked
        let id = asked.id ?? JobID.generate(at: context.now())
        asked.id = id
        let place = try engine.admit(id, to: session, at: context.now())
        return Entry(asked: asked, work: work(id, source, place), jobs: self, id: id, place: place)
    }

    /// Gives a job that waited for its turn when the server died its place again.
    ///
    /// - Throws: `QUEUE_FULL` (429) when there may be fewer sessions now.
    func resume(_ job: JobID, _ source: PythonSource, _ session: SessionName) throws(APIFailure) -> JobWork {
        let place = try engine.admit(job, to: session, at: context.now(), isResumed: true)
        if let handle = context.jobs.handle(job) { watch(handle, place) }
        return work(job, source, place)
    }

    private func work(_ id: JobID, _ source: PythonSource, _ place: SessionPlace) -> JobWork {
        { [engine, now = context.now] job in
            // Before its end is told to anybody, so that nobody finds the session busy with it afterwards.
            defer { engine.leave(id, place, at: now()) }
            return try await engine.run(source.bytes, in: job, session: place)
        }
    }

    /// One that is stopped before its turn comes never runs.
    private func watch(_ handle: JobHandle, _ place: SessionPlace) {
        Task(executorPreference: engine.loop) { [engine, now = context.now] in
            _ = try? await handle.finished()
            engine.leave(handle.id, place, at: now())
        }
    }

    /// Ends a session: its running job is cancelled, those that wait too, then its process.
    ///
    /// - Throws: `SESSION_NOT_FOUND` (404).
    func end(_ name: String) async throws(APIFailure) {
        guard let session = engine.closeSession(name) else {
            throw APIError.sessionNotFound("Session '\(name)' not found", details: ["id": .string(name)])
        }
        // A task of its own: a client that leaves must not leave a session half ended.
        await Task { [engine, jobs = context.jobs] in
            await withDiscardingTaskGroup { group in
                for job in session.pending { group.addTask { _ = try? await jobs.cancel(job) } }
            }
            await engine.endProcess(of: session)
        }.value
    }
}
