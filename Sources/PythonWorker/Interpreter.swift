import CPython
import Glibc

/// The one embedded CPython, with the runner loaded in it.
///
/// The process has one thread and holds the interpreter's lock all the time.
struct Interpreter: ~Copyable {
    /// A `roost_worker.Worker`.
    private let worker: PythonObject
    /// The folder below which each job gets its scratch folder: absolute.
    let scratchRoot: String

    /// The embedded version, such as `3.11.2`; needs no running interpreter.
    static var version: String {
        let text = unsafe String(cString: Py_GetVersion())
        return String(text.prefix { $0 != " " })
    }

    /// Starts Python, loads the runner and applies the server's configuration.
    ///
    /// - Parameters:
    ///   - configuration: the JSON of `WorkerRequest.configure`.
    ///   - control: the control channel, over which the start tells the server's log what it does.
    ///   - virtualEnvironment: the folder of one to start in.
    /// - Throws: `PythonFailure`, with Python's own words.
    init(configuration: [UInt8], control: Int32, virtualEnvironment: String?) throws(PythonFailure) {
        try Self.start(virtualEnvironment)
        let runner = try Self.loadRunner(control: control)
        let worker = try runner.attribute("Worker")(PythonObject(bytes: configuration))
        guard let scratchRoot = try worker.attribute("scratch").text else {
            throw PythonFailure("configure: scratch is no valid text")
        }
        self.worker = worker
        self.scratchRoot = scratchRoot
    }

    /// Waits for the child's job and runs it; the runner ends the process.
    ///
    /// - Parameters:
    ///   - socket: the job's socket.
    ///   - scratch: the job's own folder.
    func runChild(socket: Int32, scratch: String) {
        do throws(PythonFailure) {
            let method = try worker.attribute("run_child")
            let arguments = try unsafe PythonObject(PyTuple_New(2))
            // PyTuple_SetItem takes the reference over.
            unsafe PyTuple_SetItem(arguments.pointer, 0, PyLong_FromLong(Int(socket)))
            unsafe PyTuple_SetItem(arguments.pointer, 1, PyUnicode_FromString(scratch))
            _ = try method(all: arguments)
        } catch {
            let line = "roost-python: \(error.reason)\n"
            _ = unsafe write(STDERR_FILENO, line, line.utf8.count)
        }
    }

    /// Isolated: no environment variables, no user site, nothing of the working directory on `sys.path`, no signal
    /// handlers. UTF-8 mode, so that the server's locale does not change what a job sees.
    ///
    /// In a virtual environment the library still takes its standard library from where it belongs, whatever `home` the
    /// environment names; `site` then finds the environment by `sys.executable`, as it does everywhere.
    private static func start(_ virtualEnvironment: String?) throws(PythonFailure) {
        var preconfiguration = PyPreConfig()
        unsafe PyPreConfig_InitIsolatedConfig(&preconfiguration)
        preconfiguration.utf8_mode = 1
        try unsafe check(Py_PreInitialize(&preconfiguration))

        let configuration = UnsafeMutablePointer<PyConfig>.allocate(capacity: 1)
        defer { unsafe configuration.deallocate() }
        unsafe PyConfig_InitIsolatedConfig(configuration)
        defer { unsafe PyConfig_Clear(configuration) }
        unsafe configuration.pointee.install_signal_handlers = 0
        // Without a program name Python looks for "python3" on PATH and takes the paths of whatever that is; this
        // process belongs to the library it was linked with.
        if let name = unsafe configuration.pointer(to: \.program_name) {
            try unsafe check(PyConfig_SetBytesString(configuration, name, ownPath()))
        }
        if let virtualEnvironment, let executable = unsafe configuration.pointer(to: \.executable) {
            // Settles where the standard library is, before the name of another program could move it.
            try unsafe check(PyConfig_Read(configuration))
            try unsafe check(
                PyConfig_SetBytesString(configuration, executable, virtualEnvironment + "/bin/python"))
        }
        try unsafe check(Py_InitializeFromConfig(configuration))
    }

    private static func ownPath() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return "roost-python" }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func check(_ status: PyStatus) throws(PythonFailure) {
        guard unsafe PyStatus_Exception(status) != 0 else { return }
        guard let message = unsafe status.err_msg else { throw PythonFailure("Python did not start") }
        throw unsafe PythonFailure(String(cString: message))
    }

    /// Runs `roost_bootstrap.py` and has it load the others.
    private static func loadRunner(control: Int32) throws(PythonFailure) -> PythonObject {
        let bootstrap = RunnerSources.bootstrap
        let text = String(decoding: bootstrap.bytes, as: UTF8.self)
        let code = try unsafe PythonObject(
            Py_CompileString(text, "<roost>/\(bootstrap.name).py", Py_file_input))
        let globals = try unsafe PythonObject(PyDict_New())
        unsafe PyDict_SetItemString(globals.pointer, "__builtins__", PyEval_GetBuiltins())
        _ = try unsafe PythonObject(PyEval_EvalCode(code.pointer, globals.pointer, globals.pointer))

        let sources = try unsafe PythonObject(PyDict_New())
        for module in RunnerSources.modules {
            let data = try PythonObject(bytes: module.bytes)
            unsafe PyDict_SetItemString(sources.pointer, module.name, data.pointer)
        }
        // PyDict_GetItemString lends its reference.
        let load = unsafe PyDict_GetItemString(globals.pointer, "load")
        unsafe Py_IncRef(load)
        let arguments = try unsafe PythonObject(PyTuple_New(3))
        // PyTuple_SetItem takes the references over: each gets one of its own.
        unsafe Py_IncRef(sources.pointer)
        unsafe PyTuple_SetItem(arguments.pointer, 0, sources.pointer)
        let flush = try NativeFunctions.flushCStreams()
        unsafe Py_IncRef(flush.pointer)
        unsafe PyTuple_SetItem(arguments.pointer, 1, flush.pointer)
        unsafe PyTuple_SetItem(arguments.pointer, 2, PyLong_FromLong(Int(control)))
        return try unsafe PythonObject(load)(all: arguments)
    }
}
