/// The project that a server serves: a folder with `Content/` and `Saved/`.
public struct ProjectFolder: Sendable, Equatable {
    /// Absolute, without a trailing slash (`/` itself is the empty string).
    public let path: String
    /// What `get_engine_version` says; nil to read it from the `.uproject` file.
    public let engineVersion: String?

    /// Names a folder.
    ///
    /// - Parameters:
    ///   - path: Absolute; trailing slashes are taken off.
    ///   - engineVersion: Overrides the version that the `.uproject` file names.
    public init(path: String, engineVersion: String? = nil) {
        var path = path[...]
        while path.utf8.last == 0x2F { path.removeLast() }
        self.path = String(path)
        self.engineVersion = engineVersion
    }

    /// With a trailing slash, as Unreal gives folders.
    var directory: String { path + "/" }
    /// Where assets are: `/Game`.
    var content: String { path + "/Content" }
    /// What the editor writes.
    var saved: String { path + "/Saved" }
}
