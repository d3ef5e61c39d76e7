public import RoostCore

/// A Python module whose functions are Swift functions of the embedding program.
///
/// ```swift
/// HostModule("studio", "What this studio's renderer knows.") {
///     HostFunction("Renderer.frame_count", "The frames of a scene.", scene) { call, scene in
///         try await renderer.frameCount(of: scene)
///     }
///     HostFunction.log("note", level: .info)
/// }
/// ```
/// In a job `import studio` works, and `studio.Renderer.frame_count("intro")` asks the server. Any other name is
/// an `AttributeError` in Python's own words, a wrong call a `TypeError`, and `help(studio)` shows what is declared.
/// Documentation/EmbeddingHostModules.md has the whole story.
public struct HostModule: Sendable {
    /// What Python code imports: an identifier.
    public let name: String
    /// The module's docstring.
    public let summary: String
    /// Python that runs in the module once its functions are there: classes, constants, exceptions of its own.
    ///
    /// It finds the functions by their names, and `_call(path, *args, **kwargs)` for any of them.
    public let prelude: String
    /// Its functions.
    public let functions: [HostFunction]

    /// A module of these functions.
    ///
    /// - Parameters:
    ///   - name: What Python code imports.
    ///   - summary: The module's docstring.
    ///   - prelude: Python that runs in the module once its functions are there.
    ///   - functions: What it offers.
    public init(
        _ name: String, _ summary: String = "", prelude: String = "",
        @HostModuleBuilder functions: () -> [HostFunction]
    ) {
        self.name = name
        self.summary = summary
        self.prelude = prelude
        self.functions = functions()
    }

    /// Calls a function as a job does, without Python: for the tests of a module.
    ///
    /// - Parameters:
    ///   - function: Its path in the module.
    ///   - positional: Arguments without a name.
    ///   - keywords: Arguments with a name.
    ///   - job: The job that seems to call.
    ///   - log: Gets what the function writes to the job's log.
    /// - Returns: What Python would get.
    /// - Throws: ``HostError`` of type `AttributeError` for an unknown function, `TypeError` for a wrong call, and what
    ///   the function throws.
    public func call(
        _ function: String, _ positional: [JSON] = [], _ keywords: JSONObject = [:],
        job: JobID = JobID(high: 0, low: 0),
        log: @escaping @Sendable (JobLogEntry.Level, String) -> Void = { _, _ in }
    ) async throws -> JSON {
        guard let found = functions.first(where: { $0.name == function }) else {
            throw HostError(type: "AttributeError", "module '\(name)' has no attribute '\(function)'")
        }
        let call = HostCall(
            function: function, job: job, positional: positional, keywords: keywords, log: log)
        switch found.kind {
        case .call(let body): return try await body(call)
        case .constant(let value):
            _ = try found.signature.bind(positional, keywords)
            return value
        case .log(let level):
            let message = try found.signature.bind(positional, keywords).first.flatMap { $0 }
            log(
                level, message?.string ?? String(decoding: (message ?? JSON.null).serialized(), as: UTF8.self)
            )
            return .null
        }
    }

    /// What is wrong with its names, or nil.
    var problem: String? {
        guard PythonName.isIdentifier(name[...]) else {
            return "host module '\(name)': not a Python identifier"
        }
        guard name != "roost", name != "__main__" else { return "host module '\(name)': the name is taken" }
        var seen: Set<String> = []
        for function in functions {
            let parts = function.name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.allSatisfy(PythonName.isIdentifier), function.name != "_call" else {
                return "host module '\(name)': '\(function.name)' is no dotted Python name"
            }
            guard seen.insert(function.name).inserted else {
                return "host module '\(name)': '\(function.name)' is there twice"
            }
            if let problem = function.signature.problem {
                return "host module '\(name)': \(function.name)(): \(problem)"
            }
        }
        for function in functions
        where functions.contains(where: { $0.name.hasPrefix(function.name + ".") }) {
            return "host module '\(name)': '\(function.name)' is both a function and a class"
        }
        return nil
    }
}
