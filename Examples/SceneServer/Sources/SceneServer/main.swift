import Glibc
import RoostPython
import RoostServer

// SceneServer [PORT]: a program with a scene that its users script in Python; job history stays in memory.
var configuration = ApplicationConfiguration()
configuration.port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 8080

let scene = Scene()
let python = PythonEngineConfiguration(modules: [SceneModule.make(scene)])
exit(
    try await RoostApplication.run(configuration) { logger in
        [PythonHandler(engine: try PythonEngine(configuration: python, logger: logger))]
    })
