public import RoostCore

/// One function of a ``HostModule``, declared once.
///
/// ```swift
/// HostFunction("move", "Moves an object and returns where it was.", Self.name, Self.to) { call, name, to in
///     try await scene.move(name, to: to)
/// }
/// ```
/// From the declaration come the signature and the docstring that Python shows (`help(scene.move)`,
/// `inspect.signature`), the checks of a call, with the `TypeError`s that Python itself would raise, and the typed
/// values that the body gets. What the body returns becomes the result in Python.
///
/// The body is asynchronous and must not block its thread. Its task is cancelled when the job ends. Several calls may
/// run at once: threads of one job, and jobs side by side. A ``HostError`` it throws is raised in the job under the
/// class it names; any other error as a `RuntimeError` without the cause, which goes to the server's log only.
public struct HostFunction: Sendable {
    enum Kind: Sendable {
        /// Answered by the server.
        case call(@Sendable (HostCall) async throws -> JSON)
        /// A log entry of this level; the job does not wait for it.
        case log(JobLogEntry.Level)
        /// Always the same; known before a job runs.
        case constant(JSON)
    }

    /// Its path in the module: `get_version`, or `SystemLibrary.get_version` for a static method of a class.
    public let name: String
    /// What it does: the first lines of its docstring.
    public let summary: String
    let signature: HostSignature
    /// What Python calls the type of its result; nil to say nothing.
    let returns: String?
    let kind: Kind

    /// A function that the server answers with a value.
    ///
    /// - Parameters:
    ///   - name: Its path in the module.
    ///   - summary: What it does; Python code sees it as the docstring.
    ///   - arguments: What it takes, in order.
    ///   - body: Gets the call and one value for each argument.
    public init<each Value: PythonValue, Answer: JSONConvertible & SendableMetatype>(
        _ name: String, _ summary: String, _ arguments: repeat HostArgument<each Value>,
        body: @escaping @Sendable (HostCall, repeat each Value) async throws -> Answer
    ) {
        self.init(
            name, summary, repeat each arguments,
            returns: (Answer.self as? any PythonValue.Type)?.pythonType
        ) { (call: HostCall, value: repeat each Value) -> JSON in
            try await body(call, repeat each value).json
        }
    }

    /// A function that the server answers with `None`; of a body that could be either, the value counts.
    ///
    /// - Parameters:
    ///   - name: Its path in the module.
    ///   - summary: What it does; Python code sees it as the docstring.
    ///   - arguments: What it takes, in order.
    ///   - body: Gets the call and one value for each argument.
    @_disfavoredOverload
    public init<each Value: PythonValue>(
        _ name: String, _ summary: String, _ arguments: repeat HostArgument<each Value>,
        body: @escaping @Sendable (HostCall, repeat each Value) async throws -> Void
    ) {
        self.init(name, summary, repeat each arguments, returns: "None") {
            (call: HostCall, value: repeat each Value) -> JSON in
            try await body(call, repeat each value)
            return .null
        }
    }

    private init<each Value: PythonValue>(
        _ name: String, _ summary: String, _ arguments: repeat HostArgument<each Value>, returns: String?,
        answer: @escaping @Sendable (HostCall, repeat each Value) async throws -> JSON
    ) {
        var declarations: [HostSignature.Argument] = []
        repeat declarations.append((each arguments).declaration)
        let signature = HostSignature(function: name, arguments: declarations)
        let arguments = (repeat each arguments)
        self.init(
            name: name, summary: summary, signature: signature, returns: returns,
            kind: .call { call in
                var bound = try signature.bind(call.positional, call.keywords)[...]
                func next<Next: PythonValue>(_ argument: HostArgument<Next>) throws(HostError) -> Next {
                    // One for each declaration: `bind` gives as many as there are.
                    try argument.value(bound.popFirst().flatMap { $0 }, of: name)
                }
                return try await answer(call, repeat try next(each arguments))
            })
    }

    private init(name: String, summary: String, signature: HostSignature, returns: String?, kind: Kind) {
        self.name = name
        self.summary = summary
        self.signature = signature
        self.returns = returns
        self.kind = kind
    }

    /// A function of one argument whose text becomes an entry of the job's log.
    ///
    /// - Parameters:
    ///   - name: Its path in the module.
    ///   - summary: What it does.
    ///   - level: The entry's level.
    /// - Returns: The function. A job does not wait for it, and it also works while no job runs.
    public static func log(
        _ name: String, _ summary: String = "Adds an entry to the job's log.", level: JobLogEntry.Level
    ) -> HostFunction {
        let argument = HostSignature.Argument(
            name: "message", description: "What to write; anything, as str() shows it", type: "object",
            fallback: nil, isKeywordOnly: false)
        return HostFunction(
            name: name, summary: summary, signature: HostSignature(function: name, arguments: [argument]),
            returns: "None", kind: .log(level))
    }

    /// A function without arguments that always gives the same: Python has the value and asks nobody.
    ///
    /// - Parameters:
    ///   - name: Its path in the module.
    ///   - summary: What it gives.
    ///   - value: The result of every call.
    /// - Returns: The function. It also works while no job runs, as in `init_unreal.py`.
    public static func constant<Answer: JSONConvertible & SendableMetatype>(
        _ name: String, _ summary: String, _ value: Answer
    ) -> HostFunction {
        HostFunction(
            name: name, summary: summary, signature: HostSignature(function: name, arguments: []),
            returns: (Answer.self as? any PythonValue.Type)?.pythonType, kind: .constant(value.json))
    }
}
