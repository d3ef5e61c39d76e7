import RoostCore
import Testing

/// The printed lines that look into a project, over a real one.
@Suite struct `The documents over a project` {
    private static let reference = [
        #"""
        curl -X POST http://localhost:8080/api/v1/python/execute \
          -H "Content-Type: application/json" \
          -d '{
            "code": "import unreal\nprint(unreal.SystemLibrary.get_project_directory())",
            "timeout": 30
          }'
        """#,
        #"""
        curl -X POST http://localhost:8080/api/v1/python/execute \
          -H "Content-Type: application/json" \
          -d '{
            "code": "import unreal\nassets = unreal.EditorAssetLibrary.list_assets(\"/Game\")\nfor a in assets[:5]:\n    print(a)"
          }'
        """#,
        #"""
        curl -X POST http://localhost:8080/api/v1/python/execute \
          -H "Content-Type: application/json" \
          -d '{
            "code": "import unreal\n\ndef get_actor_count():\n    actors = unreal.EditorLevelLibrary.get_all_level_actors()\n    return len(actors)\n\ncount = get_actor_count()\nprint(f\"Total actors: {count}\")"
          }'
        """#,
    ]

    @Test func `answer the printed code about the project`() async throws {
        let project = try UnrealProject()
        try await withServer(in: project.folder) { server in
            let directory = try await server.execute(
                "import unreal\nprint(unreal.SystemLibrary.get_project_directory())")
            expectSuccess(directory)
            #expect(directory["output"] == .string(project.folder.path + "/"))
            let assets = try await server.execute(
                "import unreal\nassets = unreal.EditorAssetLibrary.list_assets(\"/Game\")\nfor a in assets[:5]:\n    print(a)"
            )
            #expect(assets["output"] == .string(UnrealProject.assets.joined(separator: "\n")))
            let actors = try await server.execute(
                """
                import unreal

                def get_actor_count():
                    actors = unreal.EditorLevelLibrary.get_all_level_actors()
                    return len(actors)

                count = get_actor_count()
                print(f"Total actors: {count}")
                """)
            #expect(actors["output"] == "Total actors: 0")
        }
    }

    @Test(.enabled(if: Programs.curl != nil, "needs curl"))
    func `answer reference's curl lines as printed`() async throws {
        let project = try UnrealProject()
        try await withServer(in: project.folder) { server in
            let shell = Shell(server: server)
            let health = try await shell.reference("curl http://localhost:8080/api/v1/health")
            #expect(health["status"] == "healthy")
            let handlers = try await shell.reference("curl http://localhost:8080/api/v1/handlers")
            #expect(handlers["handlers"]?.array?.first?["name"] == "python")
            let outputs = [
                project.folder.path + "/", UnrealProject.assets.joined(separator: "\n"), "Total actors: 0",
            ]
            for (line, output) in zip(Self.reference, outputs) {
                let answer = try await shell.reference(line)
                #expect(answer["success"] == true)
                #expect(answer["output"] == .string(output))
            }
            let jobs = try await shell.reference("curl http://localhost:8080/api/v1/python/jobs")
            #expect(jobs["total"] == 3)
            let filtered = try await shell.reference(
                #"curl "http://localhost:8080/api/v1/python/jobs?status=completed&limit=10""#)
            #expect(filtered["jobs"]?.array?.count == 3)
            let missing = try await shell.reference(
                #"curl "http://localhost:8080/api/v1/python/job?id=a1b2c3d4-e5f6-7890-abcd-ef1234567890""#)
            #expect(missing["error"]?["code"] == "JOB_NOT_FOUND")
            let deleted = try await shell.reference(
                #"curl -X DELETE "http://localhost:8080/api/v1/python/job?id=a1b2c3d4-e5f6-7890-abcd-ef1234567890""#)
            #expect(deleted["error"]?["code"] == "JOB_NOT_FOUND")
        }
    }

    @Test(.enabled(if: Programs.curl != nil, "needs curl"))
    func `answer classic's curl lines as printed`() async throws {
        try await withServer("--python-dialect", "classic") { server in
            let shell = Shell(server: server)
            let executed = try await shell.json(
                #"""
                curl -X POST "http://localhost:$PORT/api/v1/python/execute" \
                  -H "Content-Type: application/json" \
                  -d '{
                    "code": "import unreal\nprint(\"Hello from Python!\")",
                    "timeout": 30
                  }'
                """#)
            #expect(executed["success"] == true)
            #expect(executed["output"] == "Hello from Python!")
            let jobs = try await shell.json(#"curl -s "http://localhost:$PORT/api/v1/python/jobs""#)
            #expect(jobs["jobs"]?.array?.first?["id"] == executed["job_id"])
            let missing = try await shell.json(
                #"curl -s "http://localhost:$PORT/api/v1/python/job?id=550e8400-e29b-41d4-a716-446655440000""#)
            #expect(missing["error"]?["code"] == "JOB_NOT_FOUND")
            let deleted = try await shell.json(
                #"curl -X DELETE "http://localhost:$PORT/api/v1/python/job?id=550e8400-e29b-41d4-a716-446655440000""#)
            #expect(deleted["error"]?["code"] == "JOB_NOT_FOUND")
        }
    }

    @Test func `find the server through its discovery file`() async throws {
        let project = try UnrealProject()
        try await withServer(in: project.folder) { server in
            let text = try Files.text(project.folder.discovery)
            let file = try JSONParser.parse(Array(text.utf8))
            #expect(text.contains("\"port\":\(server.port)"))
            #expect(!text.contains(": ") && !text.hasPrefix("\u{FEFF}"))
            #expect(file["version"] == 1)
            #expect(file["port"] == .int(server.port))
            #expect(file["pid"] == .int(Int(server.process.id)))
            #expect(file["project"] == "MyGame")
            #expect(isTimestamp(file["started_at"]))
            #expect(file["handlers"] == ["python", "code"])
            #expect(Files.mode(project.folder.discovery) == 0o600)
            #expect(Files.names(in: project.folder.saved).filter { $0.hasPrefix("UnrealPythonREST") }.count == 1)
        }
    }

    @Test func `name a project without a project file after its folder`() async throws {
        try await withServer(in: TemporaryFolder("Castle")) { server in
            let file = try JSONParser.parse(try Files.read(server.folder.discovery))
            #expect(file["project"] == "Castle")
        }
    }

    @Test(.enabled(if: Programs.python != nil, "needs python3"))
    func `run reference's Python client as printed`() async throws {
        let project = try UnrealProject()
        try await withServer(in: project.folder) { server in
            try Files.write(project.folder.scratch + "/requests.py", PrintedClient.requests)
            try Files.write(
                project.folder.scratch + "/client.py", PrintedClient.discovery + PrintedClient.execution + PrintedClient.use)
            let process = try ChildProcess(
                #require(Programs.python), [project.folder.scratch + "/client.py", project.folder.path],
                environment: ServerProcess.environment(project.folder))
            #expect(try await process.waitForEnd() == .exit(0))
            #expect(process.errors == "")
            #expect(
                process.output == """
                    MyGame \(server.port)
                    None
                    hi
                    Runtime error: division by zero
                    Traceback:
                    Traceback (most recent call last):
                      File "<string>", line 1, in <module>
                    ZeroDivisionError: division by zero
                    None
                    Syntax error: invalid syntax
                    None
                    Error [INVALID_CODE]

                    """)
        }
    }
}
