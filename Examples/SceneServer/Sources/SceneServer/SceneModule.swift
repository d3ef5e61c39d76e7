import RoostCore
import RoostPython

/// The scene as Python sees it: `import scene`.
enum SceneModule {
    static let name = HostArgument<String>("name", "What the object is called")
    static let position = HostArgument("at", "Where it stands: x, y and z", default: Point())
    static let to = HostArgument<Point>("to", "Where it goes: x, y and z")
    static let tag = HostArgument<String?>("tag", "A word to find it by", default: nil, keywordOnly: true)

    static func make(_ scene: Scene) -> HostModule {
        HostModule("scene", "The scene of this program.", prelude: prelude) {
            HostFunction("create", "Creates an object and returns it.", name, position, tag) {
                call, name, at, tag in
                call.log(.info, "created \(name)")
                return try await explain { try await scene.create(name, at: at, tag: tag).json }
            }
            HostFunction("objects", "The objects there are, oldest first.", tag) { _, tag in
                await scene.objects(tagged: tag).map(\.json)
            }
            HostFunction("move", "Moves an object and returns where it stood.", name, to) { _, name, to in
                try await explain { try await scene.move(name, to: to) }
            }
            HostFunction("delete", "Deletes an object.", name) { _, name in
                try await explain { try await scene.delete(name) }
            }
        }
    }

    /// An exception of the module's own, for `except scene.SceneError`.
    private static let prelude = """
        class SceneError(LookupError):
            \"""Something is not as the caller thought.\"""
        """

    /// Gives what can go wrong here its name in Python; anything else becomes a RuntimeError without details.
    private static func explain<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch Scene.Failure.nameTaken(let name) {
            throw HostError(type: "SceneError", "there is an object '\(name)' already")
        } catch Scene.Failure.noSuchObject(let name) {
            throw HostError(type: "SceneError", "there is no object '\(name)'")
        }
    }
}

extension Scene.Object: JSONConvertible {
    var json: JSON { ["name": .string(name), "at": position.json, "tag": tag.json] }
}
