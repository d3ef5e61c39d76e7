package import RoostCore

/// Sends what is in the outbox: the loop around ``WebhookDispatcher``.
package actor WebhookService {
    private let store: any WebhookStore
    private let transport: any WebhookTransport
    private let secrets: [WebhookSecret]
    private let bodies: [String: any WebhookBodies]
    private let userAgent: String
    private let schedule: WebhookSchedule
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private var dispatcher: WebhookDispatcher
    private var alarm: Task<Void, Never>?
    private var bodyMaker: Task<Void, Never>?
    private var isStopping = false
    /// What must have ended before the store is closed.
    private var underWay = 0
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    /// Nothing is sent before ``start()``.
    ///
    /// - Parameters:
    ///   - store: The outbox.
    ///   - transport: Does the sending; closed by ``stop(within:)``.
    ///   - secrets: Sign what is sent; none for no signature.
    ///   - bodies: By the name of the handler, for jobs that a restart found cut off.
    ///   - userAgent: What receivers see.
    ///   - schedule: Pauses and time-outs.
    ///   - limits: How many at once.
    ///   - logger: Gets what receivers do not take.
    ///   - now: The wall clock.
    package init(
        store: any WebhookStore, transport: any WebhookTransport, secrets: [WebhookSecret] = [],
        bodies: [String: any WebhookBodies] = [:], userAgent: String,
        schedule: WebhookSchedule = WebhookSchedule(), limits: WebhookLimits = WebhookLimits(),
        logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.transport = transport
        self.secrets = secrets
        self.bodies = bodies
        self.userAgent = userAgent
        self.schedule = schedule
        self.logger = logger
        self.now = now
        dispatcher = WebhookDispatcher(limits: limits)
    }

    /// Begins with what the last server left.
    package func start() {
        guard bodyMaker == nil, !isStopping else { return }
        bodyMaker = Task { await self.makeBodiesRegularly() }
        look()
    }

    /// Looks into the outbox; from any thread, at once.
    package nonisolated func wake() { Task { await self.look() } }

    /// Sends nothing more; what is under way has so long. What then has no answer is sent again at the next start.
    package func stop(within patience: Duration) async {
        isStopping = true
        alarm?.cancel()
        bodyMaker?.cancel()
        await bodyMaker?.value
        let deadline = Task {
            try? await Task.sleep(for: patience)
            await self.transport.close()
        }
        while underWay > 0 { await withCheckedContinuation { idleWaiters.append($0) } }
        deadline.cancel()
        await transport.close()
    }

    // MARK: Actions

    private func look() { perform(dispatcher.tick()) }

    private func perform(_ actions: [WebhookDispatcher.Action]) {
        guard !isStopping else { return }
        for action in actions {
            switch action {
            case .look(let receivers, let limit):
                begin { await self.ask(excluding: receivers, limit: limit) }
            case .send(let id, _): begin { await self.send(id) }
            case .wake(let time):
                alarm?.cancel()
                let pause = now().milliseconds(until: time)
                alarm = Task {
                    try? await Task.sleep(for: .milliseconds(pause))
                    if !Task.isCancelled { self.look() }
                }
            }
        }
    }

    private func begin(_ work: @escaping @Sendable () async -> Void) {
        underWay += 1
        Task {
            await work()
            self.ended()
        }
    }

    private func ended() {
        underWay -= 1
        guard underWay == 0 else { return }
        let waiters = idleWaiters
        idleWaiters = []
        for waiter in waiters { waiter.resume() }
    }

    private func ask(excluding receivers: [String], limit: Int) async {
        do {
            let agenda = try await store.webhooksDue(at: now(), excluding: receivers, limit: limit)
            perform(dispatcher.found(agenda, now: now()))
        } catch {
            logger.error("the webhooks that are due could not be read", ["cause": .string("\(error)")])
            perform(dispatcher.lookFailed(now: now()))
        }
    }

    private func send(_ id: JobID) async {
        var failed = false
        do {
            if let message = try await store.webhookMessage(of: id) { failed = await send(message) }
        } catch {
            logger.error("a webhook could not be read", ["job_id": id.json, "cause": .string("\(error)")])
            await pause()
        }
        perform(dispatcher.finished(id, failed: failed))
    }

    /// - Returns: True when the receiver did not take it.
    private func send(_ message: WebhookMessage) async -> Bool {
        guard !isStopping else { return false }
        let startedAt = now()
        var fields = WebhookSignature.fields(
            id: WebhookSignature.id(of: message.id), body: message.body, at: startedAt, secrets: secrets)
        fields.append((name: "Content-Type", value: "application/json"))
        fields.append((name: "User-Agent", value: userAgent))
        let result = await transport.post(
            message.url, fields: fields, body: message.body, timeout: schedule.timeout)
        let attempt = WebhookVerdict.attempt(
            message, result, startedAt: startedAt, endedAt: now(), schedule: schedule,
            chance: Double.random(in: 0...1))
        // Given up because the server stops: not the receiver's failure.
        if isStopping, attempt.status == nil { return false }
        report(attempt, of: message)
        await keep(attempt, of: message.id)
        return attempt.state != .delivered
    }

    private func report(_ attempt: WebhookAttempt, of message: WebhookMessage) {
        var details: JSONObject = [
            "job_id": message.id.json, "attempt": .int(attempt.previousAttempts &+ 1),
        ]
        details["cause"] = attempt.error.map(JSON.string)
        details["next_attempt_at"] = (attempt.nextAttemptAt?.description).map(JSON.string)
        switch attempt.state {
        case .delivered: logger.debug("a webhook was delivered", details)
        case .pending, .waiting: logger.info("a webhook was not taken and is sent again", details)
        case .failed, .dropped: logger.warning("a webhook is given up", details)
        }
    }

    /// Until it is written: what is not would be sent again at once.
    private func keep(_ attempt: WebhookAttempt, of id: JobID) async {
        while true {
            do {
                _ = try await store.saveWebhook(attempt, of: id)
                return
            } catch {
                logger.error(
                    "what came of a webhook could not be written",
                    ["job_id": id.json, "cause": .string("\(error)")])
                if isStopping { return }
                await pause()
            }
        }
    }

    private func pause() async { try? await Task.sleep(for: .seconds(1)) }

    // MARK: Jobs that were cut off

    /// At start for those that a restart found; later for the rare end that was written without its body.
    private func makeBodiesRegularly() async {
        while !Task.isCancelled {
            do { try await makeBodies() } catch {
                logger.error("bodies of webhooks could not be made", ["cause": .string("\(error)")])
            }
            try? await Task.sleep(for: .seconds(30))
        }
    }

    private func makeBodies() async throws {
        while !Task.isCancelled {
            let jobs = try await store.webhooksWithoutBody(limit: 100)
            guard !jobs.isEmpty else { return }
            for id in jobs where !Task.isCancelled {
                guard let job = try await store.job(id), let webhook = job.webhook else { continue }
                let body = await bodies[job.summary.handler]?.webhookBody(of: job, note: webhook.note)
                _ = try await store.setWebhookBody(body, of: id, at: now())
            }
            look()
        }
    }
}
