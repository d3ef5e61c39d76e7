import CPython

/// One owned reference to a Python object, given back at the end of its scope.
///
/// Safe because the pointer is never null, is owned by this value alone, and the process has one thread, which holds
/// the interpreter's lock.
@safe
struct PythonObject: ~Copyable {
    /// Borrowed by calls that do not steal it.
    let pointer: UnsafeMutablePointer<PyObject>

    /// Takes over a new reference as CPython's functions return it.
    ///
    /// - Parameter reference: nil stands for a Python exception that is set.
    /// - Throws: `PythonFailure` with that exception.
    init(_ reference: UnsafeMutablePointer<PyObject>?) throws(PythonFailure) {
        guard let reference = unsafe reference else { throw .current() }
        unsafe pointer = unsafe reference
    }

    /// A `bytes` object.
    ///
    /// - Parameter bytes: its content.
    /// - Throws: `PythonFailure` when there is no memory.
    init(bytes: [UInt8]) throws(PythonFailure) {
        let object = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                unsafe PyBytes_FromStringAndSize(text.baseAddress, text.count)
            }
        }
        unsafe try self.init(object)
    }

    /// The object's attribute `name`.
    ///
    /// - Parameter name: ASCII.
    /// - Returns: a new reference.
    /// - Throws: `PythonFailure` with Python's AttributeError.
    func attribute(_ name: String) throws(PythonFailure) -> PythonObject {
        unsafe try PythonObject(PyObject_GetAttrString(pointer, name))
    }

    /// Calls the object with one argument.
    ///
    /// - Parameter argument: borrowed.
    /// - Returns: what the call returned.
    /// - Throws: `PythonFailure` with what was raised.
    func callAsFunction(_ argument: borrowing PythonObject) throws(PythonFailure) -> PythonObject {
        unsafe try PythonObject(PyObject_CallOneArg(pointer, argument.pointer))
    }

    /// Calls the object.
    ///
    /// - Parameter arguments: a tuple, borrowed.
    /// - Returns: what the call returned.
    /// - Throws: `PythonFailure` with what was raised.
    func callAsFunction(all arguments: borrowing PythonObject) throws(PythonFailure) -> PythonObject {
        unsafe try PythonObject(PyObject_CallObject(pointer, arguments.pointer))
    }

    /// The text of a Python string; nil if it is none, or not Unicode scalars only.
    var text: String? {
        var length = 0
        guard let characters = unsafe PyUnicode_AsUTF8AndSize(pointer, &length) else {
            PyErr_Clear()
            return nil
        }
        let buffer = unsafe UnsafeRawBufferPointer(start: characters, count: length)
        return unsafe String(decoding: buffer, as: UTF8.self)
    }

    deinit {
        unsafe Py_DecRef(pointer)
    }
}
