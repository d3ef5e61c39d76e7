import CPython

/// A Python exception, or a start that failed, as text for the server's log.
struct PythonFailure: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// Takes the exception that is set in the interpreter, and clears it.
    ///
    /// - Returns: its text where its class says `is_sentence`, else its repr, or a sentence where it has none.
    static func current() -> PythonFailure {
        var type: UnsafeMutablePointer<PyObject>?
        var value: UnsafeMutablePointer<PyObject>?
        var traceback: UnsafeMutablePointer<PyObject>?
        unsafe PyErr_Fetch(&type, &value, &traceback)
        unsafe PyErr_NormalizeException(&type, &value, &traceback)
        defer {
            unsafe Py_DecRef(type)
            unsafe Py_DecRef(value)
            unsafe Py_DecRef(traceback)
        }
        // What the runner found wrong with the configuration is a sentence of its own.
        let isSentence = unsafe type.map { unsafe PyObject_HasAttrString($0, "is_sentence") == 1 } ?? false
        let text = unsafe isSentence ? PyObject_Str(value) : PyObject_Repr(value)
        defer { unsafe Py_DecRef(text) }
        guard let characters = unsafe text.flatMap({ unsafe PyUnicode_AsUTF8($0) }) else {
            PyErr_Clear()
            return PythonFailure("Python failed with an exception that has no text")
        }
        return unsafe PythonFailure(String(cString: characters))
    }
}
