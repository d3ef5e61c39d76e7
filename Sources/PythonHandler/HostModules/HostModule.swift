/// A Python module whose functions are Swift functions of the embedding program.
///
/// ```swift
/// HostModule("studio") {
///     HostFunction("Renderer.frame_count") { call in
///         .int(try await renderer.frameCount(of: call.argument(0, "scene")))
///     }
///     HostFunction.log("note", level: .info)
/// }
/// ```
/// In a job `import studio` works, and `studio.Renderer.frame_count("intro")` asks the server. Any other name is
/// an `AttributeError` in Python's own words.
public struct HostModule: Sendable {
    /// What Python code imports: an identifier.
    public let name: String
    /// Python that runs in the module once its functions are there: classes, constants, nicer signatures.
    ///
    /// It finds the functions by their names, and `_call(path, *args, **kwargs)` for any of them.
    public let prelude: String
    /// Its functions.
    public let functions: [HostFunction]

    /// A module of these functions.
    public init(_ name: String, prelude: String = "", @HostModuleBuilder functions: () -> [HostFunction]) {
        self.name = name
        self.prelude = prelude
        self.functions = functions()
    }

    /// What is wrong with its names, or nil.
    var problem: String? {
        guard Self.isIdentifier(name[...]) else { return "host module '\(name)': not a Python identifier" }
        var seen: Set<String> = []
        for function in functions {
            let parts = function.name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.allSatisfy(Self.isIdentifier) else {
                return "host module '\(name)': '\(function.name)' is no dotted Python name"
            }
            guard seen.insert(function.name).inserted else {
                return "host module '\(name)': '\(function.name)' is there twice"
            }
        }
        return nil
    }

    private static func isIdentifier(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
            default: false
            }
        }
    }
}
