import ExampleHandlers
import RoostCore
import Testing

struct CountdownHandlerTests {
    let server: ExampleServer

    init() throws { server = try ExampleServer(CountdownHandler()) }

    @Test func `counts to the end and answers with the log and the result`() async throws {
        let answer = try await server.send(.post, "/countdown/start", #"{"from": 3, "interval_ms": 1}"#)
        #expect(answer.status == 200)
        #expect(answer.body["logs"] == ["3", "2", "1"])
        #expect(answer.body["result"]?.string == "lift-off")
        #expect(answer.body["status"]?.string == "completed")
    }

    @Test func `answers at once when asked to, shows its progress, and can be stopped`() async throws {
        let started = try await server.send(
            .post, "/countdown/start", #"{"from": 1000, "interval_ms": 20, "async": true}"#)
        #expect(started.status == 202)
        let id = try #require(started.body["job_id"]?.string)
        #expect(started.fields["Location"] == "/api/v1/countdown/job?id=\(id)")

        let deadline = ContinuousClock.now + .seconds(60)
        var progress = 0.0
        while progress == 0, .now < deadline {
            progress = try await server.send(.get, "/countdown/job?id=\(id)").body["progress"]?.double ?? 0
            await Task.yield()
        }
        #expect(progress > 0)

        let stopped = try await server.send(.delete, "/countdown/job?id=\(id)")
        #expect(stopped.status == 200)
        #expect(stopped.body["previous_status"]?.string == "running")
        let ended = try await server.send(.get, "/countdown/job?id=\(id)").body
        #expect(ended["status"]?.string == "cancelled")
        #expect(ended["logs"]?.array?.first == "1000")
        let again = try await server.send(.delete, "/countdown/job?id=\(id)")
        #expect(again.body["error"]?["code"]?.string == "JOB_ALREADY_FINISHED")
    }

    @Test(arguments: [
        ("nonsense", "INVALID_JOB_ID"), ("019a0000-0000-7000-8000-000000000000", "JOB_NOT_FOUND"),
    ])
    func `refuses ids of no countdown`(_ id: String, _ code: String) async throws {
        for method in [HTTPMethod.get, .delete] {
            let answer = try await server.send(method, "/countdown/job?id=\(id)")
            #expect(answer.body["error"]?["code"]?.string == code)
        }
    }

    @Test func `refuses what is out of bounds before any job is made`() async throws {
        for body in [#"{"from": 0}"#, #"{"from": 1001}"#, #"{"from": 5, "interval_ms": 0}"#] {
            let answer = try await server.send(.post, "/countdown/start", body)
            #expect(answer.body["error"]?["code"]?.string == "INVALID_PARAMETER")
            #expect(answer.body["job_id"] == nil)
        }
        #expect(try await server.send(.post, "/countdown/start", "{}").status == 400)
    }
}
