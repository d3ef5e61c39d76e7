internal import Glibc
internal import RoostPersistence

/// Which history a command is about.
enum HistoryOptions {
    static let database = Option<String>(
        "database", "PATH", "the file of the history", default: "DIR/Saved/Roost.sqlite")
    static let project = Option<String>(
        "project", "DIR", "the project whose history it is",
        default: "this folder or one above it that has one")

    static let section = OptionSection("History", [database, project])

    /// The file that the options name.
    ///
    /// - Throws: ``UsageError`` when both are flags, ``StartError`` when there is no such folder, ``CommandFailure``
    ///   when neither this folder nor one above it has a history.
    static func file(_ values: ParsedOptions) throws -> HistoryFile {
        if values.isFlag(database), values.isFlag(project) {
            throw UsageError("only one of --database and --project can be given")
        }
        if let path = values[database], !values.isFlag(project) { return HistoryFile(path: path) }
        if let folder = values[project] {
            return HistoryFile(path: path(in: try Project(folder: folder).folder))
        }
        let start = Files.canonical(".") ?? "/"
        guard let found = Files.upwards(from: start, first: { unsafe access(path(in: $0), F_OK) == 0 }) else {
            throw CommandFailure(
                "neither \(start) nor a folder above it has a history; name one with --project or --database")
        }
        return HistoryFile(path: path(in: found))
    }

    private static func path(in project: String) -> String {
        (project == "/" ? "" : project) + "/Saved/Roost.sqlite"
    }
}
