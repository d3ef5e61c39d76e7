/// What this program is about: named objects that stand somewhere.
actor Scene {
    struct Object: Sendable {
        var name: String
        var position: Point
        var tag: String?
    }

    enum Failure: Error {
        case nameTaken(String)
        case noSuchObject(String)
    }

    private var objects: [Object] = []

    func create(_ name: String, at position: Point, tag: String?) throws -> Object {
        guard !objects.contains(where: { $0.name == name }) else { throw Failure.nameTaken(name) }
        let object = Object(name: name, position: position, tag: tag)
        objects.append(object)
        return object
    }

    func objects(tagged tag: String?) -> [Object] {
        objects.filter { tag == nil || $0.tag == tag }
    }

    /// Returns where the object stood before.
    func move(_ name: String, to position: Point) throws -> Point {
        let index = try index(of: name)
        defer { objects[index].position = position }
        return objects[index].position
    }

    func delete(_ name: String) throws {
        objects.remove(at: try index(of: name))
    }

    private func index(of name: String) throws -> Int {
        guard let index = objects.firstIndex(where: { $0.name == name }) else {
            throw Failure.noSuchObject(name)
        }
        return index
    }
}
