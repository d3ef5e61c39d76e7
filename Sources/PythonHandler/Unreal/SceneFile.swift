internal import RoostCore

/// The actors of `Saved/Scene.json`: a list of objects, or an object whose `actors` is one.
///
/// Of an actor, `name` is needed; `label`, `class`, `path`, `folder`, `location`, `rotation`, `scale` and `tags`
/// are passed on as they are.
enum SceneFile {
    private static let limit = 64 << 20

    /// The actors; none when the file is absent, unreadable or has another form.
    ///
    /// - Parameter saved: The project's `Saved` folder.
    /// - Returns: An array of objects.
    static func actors(saved: String) -> JSON {
        guard let bytes = FileSystem.contents(of: saved + "/Scene.json", limit: limit),
            let document = try? JSONParser.parse(bytes),
            let list = document.array ?? document["actors"]?.array
        else { return .array([]) }
        return .array(list.filter { $0["name"]?.string != nil })
    }
}
