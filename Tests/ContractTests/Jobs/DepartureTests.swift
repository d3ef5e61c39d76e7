import RoostCore
import Testing

@Suite(.server("--workers", "2")) struct `A client that goes away` {
    @Test func `does not take its job with it`() async throws {
        let id = "20000000-0000-4000-8000-000000000001"
        let folder = try server.folder.scratch
        let code = """
            import os, time
            print('started', flush=True)
            while not os.path.exists('\(folder)/go'): time.sleep(0.01)
            print('finished alone')
            """
        let body = JSON.object(["code": .string(code), "job_id": .string(id)]).serialized()
        let port = try server.port
        var connection: HTTPConnection? = try await blocking {
            let connection = try HTTPConnection(port: port)
            try connection.send(
                "POST \(ServerProcess.execute) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n\r\n")
            try connection.send(body)
            return connection
        }
        try await eventually("the job runs") { (try? await server.job(id))?["output"] == "started" }
        withExtendedLifetime(connection) {}
        connection = nil
        // A second later the server asks whether anybody is there, and nobody is.
        let patience = ContinuousClock.now + .seconds(2)
        try await eventually("the server has noticed") { ContinuousClock.now > patience }
        #expect(try await server.job(id)["status"] == "running")
        try Files.write(folder + "/go", "")
        #expect(try await server.wait(for: id, status: "completed")["output"] == "started\nfinished alone")
    }
}
