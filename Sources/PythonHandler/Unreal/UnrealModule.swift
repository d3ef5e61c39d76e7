internal import RoostCore

/// The module `unreal` over a project folder, for code that was written for Unreal's Python.
public enum UnrealModule {
    /// What `get_engine_version` says when neither the caller nor a `.uproject` file names one.
    static let unknownEngineVersion = "5.0.0"

    /// The module for this project.
    public static func make(project: ProjectFolder) -> HostModule {
        let assets = AssetCatalogue(content: project.content)
        return HostModule("unreal", prelude: prelude) {
            HostFunction.log("log", level: .info)
            HostFunction.log("log_warning", level: .warning)
            HostFunction.log("log_error", level: .error)
            constant("SystemLibrary.get_project_directory", project.directory)
            constant("SystemLibrary.get_project_content_directory", project.content + "/")
            constant("SystemLibrary.get_project_saved_directory", project.saved + "/")
            constant("Paths.project_dir", project.directory)
            constant("Paths.project_content_dir", project.content + "/")
            constant("Paths.project_saved_dir", project.saved + "/")
            HostFunction("SystemLibrary.get_engine_version") { call in
                try call.expectAtMost(0)
                return .string(try await BlockingWork.shared.run { engineVersion(project) })
            }
            HostFunction("EditorAssetLibrary.list_assets") { call in
                try call.expectAtMost(3)
                let directory = try call.argument(0, "directory_path", as: String.self)
                let recursive = try call.argument(1, "recursive", default: true)
                let folders = try call.argument(2, "include_folder", default: false)
                let list = try await BlockingWork.shared.run {
                    assets.list(directory, recursive: recursive, includeFolders: folders)
                }
                guard let list else {
                    call.log(.error, "list_assets: no such folder: \(directory)")
                    return .array([])
                }
                return list.json
            }
            HostFunction("EditorAssetLibrary.does_asset_exist") { call in
                try call.expectAtMost(1)
                let asset = try call.argument(0, "asset_path", as: String.self)
                return .bool(try await BlockingWork.shared.run { assets.contains(asset) })
            }
            HostFunction("EditorLevelLibrary.get_all_level_actors") { call in
                try call.expectAtMost(0)
                return try await BlockingWork.shared.run { SceneFile.actors(saved: project.saved) }
            }
        }
    }

    private static func constant(_ name: String, _ value: String) -> HostFunction {
        HostFunction(name) { call in
            try call.expectAtMost(0)
            return .string(value)
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
