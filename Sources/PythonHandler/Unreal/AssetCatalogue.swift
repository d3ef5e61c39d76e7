/// The assets of a project: every `.uasset` and `.umap` below `Content/`, under its Unreal name.
///
/// All methods block; see ``BlockingWork``.
struct AssetCatalogue {
    /// Folders deeper than this are not looked at.
    private static let maximumDepth = 64
    /// More entries than this are not listed.
    private static let maximumEntries = 1_000_000
    private static let suffixes = [".uasset", ".umap"]

    /// The folder that `/Game` stands for.
    let content: String

    /// The assets of a folder.
    ///
    /// - Parameters:
    ///   - directory: Such as `/Game/Maps`, with or without a trailing slash.
    ///   - recursive: Also those of the folders below.
    ///   - includeFolders: Also the folders, as `/Game/Maps/`.
    /// - Returns: Object paths such as `/Game/Maps/Arena.Arena`, sorted without case; nil when there is no such folder.
    func list(_ directory: String, recursive: Bool, includeFolders: Bool) -> [String]? {
        guard let parts = Self.parts(directory) else { return nil }
        let start = parts.reduce(content) { $0 + "/" + $1 }
        guard let root = FileSystem.look(start), root.kind == .directory else { return nil }
        var visited: Set<FileSystem.Identity> = [root.identity]
        var pending = [(path: start, name: (["/Game"] + parts).joined(separator: "/"), depth: 0)]
        var found: [String] = []
        while let folder = pending.popLast(), found.count < Self.maximumEntries {
            for entry in (FileSystem.names(in: folder.path) ?? []).sorted() {
                let path = folder.path + "/" + entry
                let name = folder.name + "/" + entry
                guard let seen = FileSystem.look(path) else { continue }
                switch seen.kind {
                case .file:
                    guard let asset = Self.stem(entry) else { continue }
                    found.append("\(folder.name)/\(asset).\(asset)")
                case .directory:
                    if includeFolders { found.append(name + "/") }
                    // A folder is entered once, under whatever name it comes first: links can make circles.
                    guard recursive, folder.depth < Self.maximumDepth, visited.insert(seen.identity).inserted
                    else { continue }
                    pending.append((path, name, folder.depth + 1))
                case .other: continue
                }
            }
        }
        // An asset that has both a `.uasset` and a `.umap` is still one.
        return Set(found).map { (key: $0.lowercased(), value: $0) }
            .sorted { ($0.key, $0.value) < ($1.key, $1.value) }.map(\.value)
    }

    /// Whether there is an asset of this name, with or without its object part: `/Game/Maps/Arena[.Arena]`.
    func contains(_ asset: String) -> Bool {
        guard var parts = Self.parts(asset), let last = parts.popLast() else { return false }
        let pieces = last.split(separator: ".", omittingEmptySubsequences: false)
        guard pieces.count == 1 || (pieces.count == 2 && pieces[0] == pieces[1]), let name = pieces.first,
            !name.isEmpty
        else { return false }
        let base = (parts + [String(name)]).reduce(content) { $0 + "/" + $1 }
        return Self.suffixes.contains { FileSystem.look(base + $0)?.kind == .file }
    }

    /// The parts below `/Game`; nil for another root, and for parts that lead elsewhere.
    private static func parts(_ path: String) -> [String]? {
        guard path.utf8.first == 0x2F, !path.utf8.contains(0) else { return nil }
        let parts = path.split(separator: "/").map(String.init)
        guard parts.first?.lowercased() == "game", !parts.contains(".."), !parts.contains(".") else {
            return nil
        }
        return Array(parts.dropFirst())
    }

    private static func stem(_ file: String) -> String? {
        for suffix in suffixes
        where file.utf8.count > suffix.utf8.count && file.lowercased().hasSuffix(suffix) {
            return String(file.dropLast(suffix.count))
        }
        return nil
    }
}
