import Testing

/// One way in which code treats its process, its server or its neighbours badly, and how that has to end.
struct Abuse: Sendable, CustomTestStringConvertible {
    /// An end that is right: a status and, for a failure, its code.
    struct Ending: Sendable, Hashable {
        let status: Int
        let code: String?

        static let completes = Ending(status: 200, code: nil)
        static let raises = Ending(status: 500, code: "PYTHON_RUNTIME_ERROR")
        static let doesNotCompile = Ending(status: 400, code: "PYTHON_SYNTAX_ERROR")
        static let dies = Ending(status: 500, code: "PYTHON_PROCESS_DIED")
        static let timesOut = Ending(status: 504, code: "TIMEOUT")
        static let usesTooMuchMemory = Ending(status: 500, code: "MEMORY_LIMIT")
    }

    let name: String
    let code: String
    let endings: Set<Ending>
    let timeout: Int
    /// What must be in the output or in the error's message.
    let says: String?

    init(_ name: String, _ endings: Set<Ending>, timeout: Int = 20, says: String? = nil, _ code: String) {
        self.name = name
        self.code = code
        self.endings = endings
        self.timeout = timeout
        self.says = says
    }

    var testDescription: String { name }

    /// Every one of them, whatever the sandbox's mode.
    static let all = time + processes + memory + output + sabotage + leaks
}
