import RoostCore
import RoostPython
import Synchronization
import Testing

@Suite struct `The unreal module` {
    /// A project with a few assets, and its module.
    struct Project {
        let folder = TemporaryFolder()
        let module: HostModule

        init() {
            folder.write("Content/Maps/Arena.umap")
            folder.write("Content/Maps/arcade.umap")
            folder.write("Content/Props/Chair.uasset")
            folder.write("Content/Props/Wood/Oak.uasset")
            folder.write("Content/Props/readme.txt")
            folder.write("Content/Zebra.uasset")
            module = UnrealModule.make(project: ProjectFolder(path: folder.path + "/"))
        }

        func call(_ name: String, _ arguments: [JSON] = [], _ keywords: JSONObject = [:]) async throws -> JSON {
            try await logged(name, arguments, keywords).0
        }

        func logged(
            _ name: String, _ arguments: [JSON] = [], _ keywords: JSONObject = [:]
        ) async throws -> (JSON, [String]) {
            let log = Mutex<[String]>([])
            let value = try await module.call(name, arguments, keywords) { level, message in
                log.withLock { $0.append("\(level.rawValue): \(message)") }
            }
            return (value, log.withLock { $0 })
        }
    }

    @Test func `folders are absolute with a trailing slash`() async throws {
        let project = Project()
        let path = project.folder.path
        #expect(try await project.call("SystemLibrary.get_project_directory") == .string(path + "/"))
        #expect(try await project.call("SystemLibrary.get_project_content_directory") == .string(path + "/Content/"))
        #expect(try await project.call("SystemLibrary.get_project_saved_directory") == .string(path + "/Saved/"))
        #expect(try await project.call("Paths.project_dir") == .string(path + "/"))
    }

    @Test func `the engine version comes from the project file`() async throws {
        let project = Project()
        #expect(try await project.call("SystemLibrary.get_engine_version") == "5.0.0")
        project.folder.write("Game.uproject", #"{"FileVersion":3,"EngineAssociation":"5.4"}"#)
        #expect(try await project.call("SystemLibrary.get_engine_version") == "5.4")
    }

    @Test func `lists assets sorted without case`() async throws {
        let project = Project()
        let all: JSON = [
            "/Game/Maps/arcade.arcade", "/Game/Maps/Arena.Arena", "/Game/Props/Chair.Chair",
            "/Game/Props/Wood/Oak.Oak", "/Game/Zebra.Zebra",
        ]
        let name = "EditorAssetLibrary.list_assets"
        for root: JSON in ["/Game", "/Game/", "/game", "//Game//"] {
            let list = try await project.call(name, [root])
            #expect(list == all)
        }
        #expect(try await project.call(name, ["/Game", false]) == ["/Game/Zebra.Zebra"])
        #expect(
            try await project.call(name, [], ["directory_path": "/Game/Props", "include_folder": true]) == [
                "/Game/Props/Chair.Chair", "/Game/Props/Wood/", "/Game/Props/Wood/Oak.Oak",
            ])
    }

    @Test(arguments: ["/Engine", "Game", "", "/Game/Nowhere", "/Game/../Saved", "/Game/Zebra.uasset", "/"])
    func `a bad root logs an error and gives nothing`(_ root: String) async throws {
        let (list, log) = try await Project().logged("EditorAssetLibrary.list_assets", [.string(root)])
        #expect(list == [])
        #expect(log == ["error: list_assets: no such folder: \(root)"])
    }

    @Test func `links in a circle are followed once`() async throws {
        let project = Project()
        project.folder.link("Content/Props/Round", to: "..")
        let list = try await project.call("EditorAssetLibrary.list_assets", ["/Game"])
        #expect(list.array?.count == 5)
    }

    @Test(arguments: [
        ("/Game/Maps/Arena", true), ("/Game/Maps/Arena.Arena", true), ("/Game/Props/Wood/Oak", true),
        ("/Game/Maps/Arena.Other", false), ("/Game/Maps", false), ("/Game/Props/readme", false), ("/Game", false),
        ("/Game/Maps/../Zebra", false), ("", false), ("/Game/Maps/.", false),
    ])
    func `knows which assets exist`(_ asset: String, _ exists: Bool) async throws {
        let found = try await Project().call("EditorAssetLibrary.does_asset_exist", [.string(asset)])
        #expect(found == .bool(exists))
    }

    @Test func `wrong arguments are a TypeError`() async throws {
        let project = Project()
        await #expect(
            throws: HostError(type: "TypeError", "EditorAssetLibrary.list_assets() argument 'directory_path' must be str, not int")
        ) {
            _ = try await project.call("EditorAssetLibrary.list_assets", [1])
        }
        await #expect(
            throws: HostError(
                type: "TypeError", "EditorAssetLibrary.does_asset_exist() missing 1 required positional argument: 'asset_path'")
        ) {
            _ = try await project.call("EditorAssetLibrary.does_asset_exist")
        }
        await #expect(throws: HostError.self) { _ = try await project.call("Paths.project_dir", [1]) }
    }

    @Test(arguments: [
        (#"[{"name":"A"},{"label":"no name"},7]"#, 1), (#"{"actors":[{"name":"A"},{"name":"B"}]}"#, 2), ("{", 0), ("3", 0),
    ])
    func `actors are those of the scene file`(_ text: String, _ count: Int) async throws {
        let project = Project()
        #expect(try await project.call("EditorLevelLibrary.get_all_level_actors") == [])
        project.folder.write("Saved/Scene.json", text)
        let actors = try await project.call("EditorLevelLibrary.get_all_level_actors")
        #expect(actors.array?.count == count)
    }

    @Test func `works in a job as in Unreal`() async throws {
        let project = Project()
        let scene = #"[{"name":"Light_1","label":"Sun","class":"DirectionalLight","location":[1,2,3]}]"#
        project.folder.write("Saved/Scene.json", scene)
        try await EngineFixture.withEngine(modules: [project.module]) { engine, _ in
            let context = RecordingContext()
            let code = """
                import unreal
                unreal.log('hi'); unreal.log_warning('hm'); unreal.log_error(3)
                assets = unreal.EditorAssetLibrary.list_assets("/Game")
                actors = unreal.EditorLevelLibrary.get_all_level_actors()
                actor = unreal.get_editor_subsystem(unreal.EditorActorSubsystem).get_all_level_actors()[0]
                def problem(function):
                    try: function()
                    except Exception as error: return type(error).__name__ + ': ' + str(error)
                [
                    unreal.SystemLibrary.get_project_directory(), len(assets), assets[:1], type(assets).__name__,
                    len(actors), actor.get_actor_label(), actor.get_class().get_name(), tuple(actor.get_actor_location()),
                    actor.get_actor_location().x, unreal.EditorAssetLibrary.does_asset_exist('/Game/Zebra'),
                    problem(lambda: unreal.nothing), problem(lambda: unreal.EditorAssetLibrary.list_assets()),
                    unreal.EditorAssetLibrary.list_assets('/Nowhere'),
                ]
                """
            let outcome = try await engine.run(code, context)
            let result = try JSONParser.parse(Array((outcome.result ?? "null").utf8))
            #expect(
                result == [
                    .string(project.folder.path + "/"), 5, ["/Game/Maps/arcade.arcade"], "Array", 1, "Sun", "DirectionalLight",
                    [1.0, 2.0, 3.0], 1.0, true, "AttributeError: module 'unreal' has no attribute 'nothing'",
                    "TypeError: EditorAssetLibrary.list_assets() missing 1 required positional argument: 'directory_path'", [],
                ])
            #expect(context.current.logs == ["info hi", "warning hm", "error 3", "error list_assets: no such folder: /Nowhere"])
            #expect(context.output == "")
        }
    }

    @Test func `a slow task tells how far it is, and one within a frame of it fills that frame`() async throws {
        let project = Project()
        try await EngineFixture.withEngine(modules: [project.module]) { engine, _ in
            let context = RecordingContext()
            let code = """
                import unreal
                with unreal.ScopedSlowTask(4, "outer") as task:
                    task.make_dialog(True)
                    task.enter_progress_frame(1, "first")
                    task.enter_progress_frame(2)
                    with unreal.ScopedSlowTask(2, "inner") as inner:
                        inner.enter_progress_frame(1)
                        inner.enter_progress_frame(1, "deep")
                        assert not inner.should_cancel()
                    task.enter_progress_frame(1, "last")
                with unreal.ScopedSlowTask(5, "quiet", enabled=False) as quiet:
                    quiet.enter_progress_frame(5)
                with unreal.ScopedSlowTask(0, "empty") as empty:
                    empty.enter_progress_frame()
                try:
                    with unreal.ScopedSlowTask(2, "broken") as broken:
                        broken.enter_progress_frame(1)
                        broken.enter_progress_frame(9)
                        1 / 0
                except ZeroDivisionError:
                    pass
                try: broken.enter_progress_frame(1)
                except RuntimeError as error: print(error)
                try: unreal.ScopedSlowTask()
                except TypeError as error: print(error)
                """
            _ = try await engine.run(code, context)
            #expect(
                context.current.progress.map { "\($0.fraction) \($0.message)" } == [
                    "0.0 outer", "0.0 first", "0.25 outer", "0.25 inner", "0.25 inner", "0.5 deep", "0.75 outer", "0.75 last",
                    "1.0 last", "0.0 empty", "0.0 empty", "1.0 empty", "0.0 broken", "0.0 broken", "0.5 broken",
                ])
            #expect(
                context.output == """
                    enter_progress_frame() outside of the task's with statement
                    ScopedSlowTask.__init__() missing 1 required positional argument: 'work'

                    """)
        }
    }
}
