import RoostCore
import Testing

@Suite(.server()) struct `The surroundings of a job` {
    @Test func `are a scratch folder that is gone afterwards`() async throws {
        let answer = try await server.execute(
            "import os\nopen('file', 'w').write('x')\nos.mkdir('inner')\nprint(os.listdir('.'))\nos.getcwd()")
        expectSuccess(answer)
        let folder = try #require(answer["result"]?.string)
        #expect(folder.hasPrefix("/") && folder != "/")
        #expect(answer["output"]?.string?.contains("'file'") == true)
        try await eventually("the scratch folder is gone") { !Files.exists(folder) }
        let other = try await server.execute("import os\nprint(os.listdir('.'))\nos.getcwd()")
        #expect(other["output"] == "[]", "nothing of another job")
        #expect(other["result"]?.string != folder)
    }

    @Test func `have a scratch folder that is gone after a death too`() async throws {
        let answer = try await server.execute("import os\nprint(os.getcwd(), flush=True)\nos.kill(os.getpid(), 9)")
        let folder = try #require(answer["output"]?.string)
        #expect(folder.hasPrefix("/"))
        try await eventually("the scratch folder is gone") { !Files.exists(folder) }
    }

    @Test func `have an empty standard input`() async throws {
        let answer = try await server.execute("import sys\nprint(repr(sys.stdin.read()))\ntry: input()\nexcept EOFError: print('EOF')")
        #expect(answer["output"] == "''\nEOF")
    }

    @Test func `are a main program with unreal in it`() async throws {
        let answer = try await server.execute(
            "print(__name__)\nprint(unreal is __import__('unreal'))\nimport sys\nprint(sys.modules['__main__'].__dict__ is globals())")
        #expect(answer["output"] == "__main__\nTrue\nTrue")
    }

    @Test func `let classes be pickled and functions see globals`() async throws {
        let answer = try await server.execute(
            """
            import pickle
            class Point:
                def __init__(self): self.x = 3
            def get(): return pickle.loads(pickle.dumps(Point())).x + extra
            extra = 4
            get()
            """)
        #expect(answer["result"] == 7)
    }

    @Test func `say in Python's words what unreal does not have`() async throws {
        let error = expectFailure(try await server.execute("unreal.nothing"), 500, "PYTHON_RUNTIME_ERROR")
        #expect(error["type"] == "AttributeError")
        #expect(error["message"] == "module 'unreal' has no attribute 'nothing'")
    }

    @Test func `have the functions of a project`() async throws {
        let folder = try server.folder
        let answer = try await server.execute(
            """
            print(unreal.SystemLibrary.get_project_directory())
            print(unreal.SystemLibrary.get_project_content_directory())
            print(unreal.SystemLibrary.get_project_saved_directory())
            print(unreal.Paths.project_dir())
            print(type(unreal.SystemLibrary.get_engine_version()).__name__)
            print(unreal.EditorAssetLibrary.does_asset_exist('/Game/Nothing'))
            print(unreal.EditorAssetLibrary.list_assets('/Wrong'))
            """)
        expectSuccess(answer)
        #expect(
            answer["output"]
                == .string(
                    "\(folder.path)/\n\(folder.path)/Content/\n\(folder.path)/Saved/\n\(folder.path)/\nstr\nFalse\n[]"))
        #expect(logs(answer["logs"])?.contains { $0[0] == "error" } == true, "a bad root logs an error")
    }
}

@Suite struct `The environment of a job` {
    @Test func `has nothing of the server's own`() async throws {
        let environment = ["ROOST_MAX_QUEUE": "50", "ROOST_LOG_FORMAT": "text", "ROOST_SECRET": "s3cret"]
        try await withServer(environment: environment) { server in
            let answer = try await server.execute(
                "import os\nprint(sorted(k for k in os.environ if k.startswith('ROOST')))\nprint('s3cret' in str(os.environ))")
            #expect(answer["output"] == "[]\nFalse")
        }
    }

    @Test func `has no descriptor but its own`() async throws {
        try await withServer { server in
            let answer = try await server.execute(
                """
                import os
                for fd in sorted(int(f) for f in os.listdir('/proc/self/fd')):
                    try: print(os.readlink(f'/proc/self/fd/{fd}'))
                    except OSError: pass
                """)
            expectSuccess(answer)
            let names = try #require(answer["output"]?.string).split(separator: "\n")
            #expect(!names.contains { $0.contains("Roost.sqlite") || $0.hasPrefix("anon_inode") }, "\(names)")
        }
    }
}
