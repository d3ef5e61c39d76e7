internal import RoostCore
internal import RoostEventLoop

/// The module `unreal` over a project folder, for code that was written for Unreal's Python.
public enum UnrealModule {
    /// What `get_engine_version` says when neither the caller nor a `.uproject` file names one.
    static let unknownEngineVersion = "5.0.0"

    private static let directoryPath = HostArgument<String>(
        "directory_path", "Such as /Game/Maps, with or without a trailing slash")
    private static let recursive = HostArgument("recursive", "Also the folders below", default: true)
    private static let includeFolder = HostArgument(
        "include_folder", "Also the folders themselves", default: false)
    private static let assetPath = HostArgument<String>(
        "asset_path", "Such as /Game/Maps/Arena or /Game/Maps/Arena.Arena")

    /// The module for this project.
    public static func make(project: ProjectFolder) -> HostModule {
        let assets = AssetCatalogue(content: project.content)
        return HostModule(
            "unreal", "Unreal's Python over a project folder, as far as a server can offer it.",
            prelude: prelude
        ) {
            HostFunction.log("log", level: .info)
            HostFunction.log("log_warning", "Adds a warning to the job's log.", level: .warning)
            HostFunction.log("log_error", "Adds an error to the job's log.", level: .error)
            let folders = [
                (
                    "SystemLibrary.get_project_directory", "Paths.project_dir", "The project's folder",
                    project.directory
                ),
                (
                    "SystemLibrary.get_project_content_directory", "Paths.project_content_dir",
                    "The project's Content folder", project.content + "/"
                ),
                (
                    "SystemLibrary.get_project_saved_directory", "Paths.project_saved_dir",
                    "The project's Saved folder",
                    project.saved + "/"
                ),
            ]
            for (library, paths, summary, folder) in folders {
                HostFunction.constant(library, summary + ", absolute, with a trailing slash.", folder)
                HostFunction.constant(paths, summary + ", absolute, with a trailing slash.", folder)
            }
            HostFunction("SystemLibrary.get_engine_version", "The version of the engine.") { _ in
                try await BlockingWork.shared.run { engineVersion(project) }
            }
            HostFunction(
                "EditorAssetLibrary.list_assets", "The assets of a folder, sorted without case.",
                directoryPath, recursive,
                includeFolder
            ) { call, directory, recursive, folders in
                let list = try await BlockingWork.shared.run {
                    assets.list(directory, recursive: recursive, includeFolders: folders)
                }
                if list == nil { call.log(.error, "list_assets: no such folder: \(directory)") }
                return list ?? []
            }
            HostFunction(
                "EditorAssetLibrary.does_asset_exist", "Whether there is an asset of this name.", assetPath
            ) {
                _, asset in
                try await BlockingWork.shared.run { assets.contains(asset) }
            }
            HostFunction("EditorLevelLibrary.get_all_level_actors", "The actors of the scene file.") { _ in
                try await BlockingWork.shared.run { SceneFile.actors(saved: project.saved) }
            }
        }
    }

    /// The `EngineAssociation` of the first `.uproject` file in the folder.
    private static func engineVersion(_ project: ProjectFolder) -> String {
        if let version = project.engineVersion { return version }
        let files = (FileSystem.names(in: project.directory) ?? []).filter { $0.hasSuffix(".uproject") }
            .sorted()
        guard let file = files.first,
            let bytes = FileSystem.contents(of: project.directory + file, limit: 1 << 20),
            let document = try? JSONParser.parse(bytes),
            let version = document["EngineAssociation"]?.string, !version.isEmpty
        else { return unknownEngineVersion }
        return version
    }
}
