import CPython

/// A Python exception, or a start that failed, as text for the server's log.
struct PythonFailure: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// Takes the exception that is set in the interpreter, and clears it.
    ///
    /// - Returns: its repr, or a sentence where it has none.
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
        let text = unsafe PyObject_Repr(value)
        defer { unsafe Py_DecRef(text) }
        guard let characters = unsafe text.flatMap({ unsafe PyUnicode_AsUTF8($0) }) else {
            PyErr_Clear()
            return PythonFailure("Python failed with an exception that has no text")
        }
        return unsafe PythonFailure(String(cString: characters))
    }
}
