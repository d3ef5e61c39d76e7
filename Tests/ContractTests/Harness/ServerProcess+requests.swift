import RoostCore

extension ServerProcess {
    /// Runs blocking work with a new connection.
    func connected<Value: Sendable>(
        _ work: @escaping @Sendable (HTTPConnection) throws -> Value
    ) async throws -> Value {
        let port = port
        return try await blocking { try work(HTTPConnection(port: port)) }
    }

    /// One request on a connection of its own.
    func request(
        _ method: String, _ target: String, fields: [(String, String)] = [], body: [UInt8]? = nil,
        host: String? = nil, within duration: Duration = .seconds(60)
    ) async throws -> HTTPAnswer {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: \(host ?? "localhost:\(port)")\r\nConnection: close\r\n"
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        let bytes = Array((head + "\r\n").utf8) + (body ?? [])
        return try await connected { connection in
            let started = ContinuousClock.now
            try connection.send(bytes)
            var answer = try connection.receive(Deadline(in: duration), headOnly: method == "HEAD")
            answer.time = started.duration(to: .now)
            return answer
        }
    }

    /// Bytes as they are, and what comes back; then whether the server closed.
    func exchange(_ text: String, finish: Bool = false) async throws -> (answer: HTTPAnswer, closed: Bool) {
        try await connected { connection in
            // A server may refuse before it has read everything.
            try? connection.send(text)
            if finish { connection.finishSending() }
            let answer = try connection.receive(Deadline(in: .seconds(20)))
            return (answer, try connection.isClosed(by: Deadline(in: .seconds(20))))
        }
    }

    func get(_ target: String) async throws -> HTTPAnswer { try await request("GET", target) }
    func delete(_ target: String) async throws -> HTTPAnswer { try await request("DELETE", target) }

    func post(
        _ target: String, text: String, fields: [(String, String)] = [("Content-Type", "application/json")]
    ) async throws -> HTTPAnswer {
        try await request("POST", target, fields: fields, body: Array(text.utf8))
    }

    func post(_ target: String, _ json: JSON, fields: [(String, String)] = []) async throws -> HTTPAnswer {
        try await request(
            "POST", target, fields: [("Content-Type", "application/json")] + fields, body: json.serialized())
    }

    // MARK: Python

    static let execute = "/api/v1/python/execute"

    /// `POST /execute` of this code and these further fields.
    func execute(_ code: String, _ more: JSONObject = [:]) async throws -> HTTPAnswer {
        var body = more
        body["code"] = .string(code)
        return try await post(Self.execute, .object(body))
    }

    /// Starts a job and returns its id at once.
    func start(_ code: String, _ more: JSONObject = [:]) async throws -> String {
        var body = more
        body["async"] = true
        let answer = try await execute(code, body)
        guard answer.status == 202, let id = answer["job_id"]?.string else {
            throw StartFailed(description: "not accepted: \(answer.status) \(answer.text)")
        }
        return id
    }

    /// The job as `GET /job` shows it.
    func job(_ id: String) async throws -> JSON {
        let answer = try await get("/api/v1/python/job?id=\(id)")
        guard answer.status == 200, let job = answer["job"] else {
            throw StartFailed(description: "no job: \(answer.status) \(answer.text)")
        }
        return job
    }

    /// Waits until the job has this status.
    @discardableResult
    func wait(for id: String, status: String, within duration: Duration = .seconds(30)) async throws -> JSON {
        try await eventually("job \(id) is \(status)", within: duration) { () -> JSON? in
            let job = try await job(id)
            return job["status"] == .string(status) ? .some(job) : .none
        }
    }

    /// Waits until the job has printed something that contains this text.
    @discardableResult
    func wait(for id: String, output: String) async throws -> JSON {
        try await eventually("job \(id) prints \(output)") { () -> JSON? in
            let job = try await job(id)
            return job["output"]?.string?.contains(output) == true ? .some(job) : .none
        }
    }

    func cancel(_ id: String) async throws { _ = try await delete("/api/v1/python/job?id=\(id)") }
}
