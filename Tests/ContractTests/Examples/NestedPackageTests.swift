import RoostCore
import Testing

/// The nested packages under `Examples/`: what a third party writes, each in a server of its own.
@Suite(.serialized) struct `A package of its own` {
    @Test func `takes under 60 lines for a handler`() throws {
        let sources = NestedServer.package("WordsServer") + "/Sources/WordsServer"
        let lines = try Files.names(in: sources).reduce(0) { count, name in
            count + (try Files.text(sources + "/" + name).split(separator: "\n", omittingEmptySubsequences: false).count)
        }
        #expect(lines > 10)
        #expect(lines < 60)
    }

    @Test(.timeLimit(.minutes(10)))
    func `with a handler builds against this one and answers`() async throws {
        try await NestedServer.with("WordsServer") { server in
            let count = try await server.post("/api/v1/words/count?top=2", ["text": "b a c a b a"])
            #expect(count.status == 200)
            #expect(
                count.json == [
                    "success": true, "total": 6,
                    "words": [["word": "a", "count": 3], ["word": "b", "count": 2]],
                ])
            let refused = try await server.post("/api/v1/words/count?top=0", ["text": ""])
            #expect(refused.status == 400)
            #expect(refused.json?["error"]?["code"] == "INVALID_PARAMETER")
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `with a host module lets its users script it in Python`() async throws {
        try await NestedServer.with("SceneServer") { server in
            let worked = try await server.execute(
                """
                import scene
                scene.create('Lamp', [1, 2, 3], tag='light')
                scene.create('Chair')
                was = scene.move('Chair', to=(4, 5, 6))
                lights = [thing['name'] for thing in scene.objects(tag='light')]
                scene.delete('Lamp')
                [was, lights]
                """)
            #expect(worked["result"] == [[0, 0, 0], ["Lamp"]], "\(worked.text)")
            #expect(logs(worked["logs"]) == [["info", "created Lamp"], ["info", "created Chair"]])
            // The scene is the program's, so the next job finds what this one left.
            let next = try await server.execute("import scene\nscene.objects()")
            #expect(next["result"] == [["name": "Chair", "at": [4, 5, 6], "tag": nil]], "\(next.text)")

            let failed = try await server.execute(
                """
                import inspect, scene
                found = [str(inspect.signature(scene.create)), scene.delete.__doc__.splitlines()[0]]
                for wrong in (
                    lambda: scene.delete('Lamp'), lambda: scene.create('Chair'), lambda: scene.create(1),
                    lambda: scene.create(), lambda: scene.move('Chair', to=[1, 2]), lambda: scene.explode(),
                ):
                    try: wrong()
                    except Exception as error: found.append(type(error).__name__ + ': ' + str(error))
                found
                """)
            #expect(
                failed["result"] == [
                    "(name: str, at: list[float] = [0, 0, 0], *, tag: str | None = None) -> object", "Deletes an object.",
                    "SceneError: there is no object 'Lamp'", "SceneError: there is an object 'Chair' already",
                    "TypeError: create() argument 'name' must be str, not int",
                    "TypeError: create() missing 1 required positional argument: 'name'",
                    "TypeError: move() argument 'to' must be list[float], not list[int]",
                    "AttributeError: module 'scene' has no attribute 'explode'",
                ], "\(failed.text)")
        }
    }
}

extension NestedServer {
    fileprivate func execute(_ code: String) async throws -> HTTPAnswer {
        try await post("/api/v1/python/execute", ["code": .string(code)])
    }
}
