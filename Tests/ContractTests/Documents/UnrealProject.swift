/// A project folder as a game has it.
struct UnrealProject {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("SomeFolder")
        for name in ["Content", "Content/Props", "Content/Maps"] { try Files.makeFolder(folder.path + "/" + name) }
        try Files.write(folder.path + "/MyGame.uproject", "{}")
        for name in ["Props/chair.uasset", "Props/Table.uasset", "Maps/Main.umap", "Maps/notes.txt"] {
            try Files.write(folder.path + "/Content/" + name, "")
        }
    }

    /// What `list_assets("/Game")` gives: sorted without case, without files that are no assets.
    static let assets = ["/Game/Maps/Main.Main", "/Game/Props/chair.chair", "/Game/Props/Table.Table"]
}
