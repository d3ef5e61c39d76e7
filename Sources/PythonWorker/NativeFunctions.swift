import CPython
import Glibc

/// What the runner needs from C and Python does not offer.
enum NativeFunctions {
    /// A Python function without arguments that writes out what C code left in stdio's buffers (fflush(3)), as the
    /// exit of a process does; the runner ends with `_exit`, which does not.
    ///
    /// - Returns: the function.
    /// - Throws: `PythonFailure` when there is no memory.
    static func flushCStreams() throws(PythonFailure) -> PythonObject {
        // Python keeps the definition's address as long as the function lives, which is as long as the process.
        let definition = UnsafeMutablePointer<PyMethodDef>.allocate(capacity: 1)
        unsafe definition.initialize(
            to: PyMethodDef(
                ml_name: UnsafePointer(strdup("flush_c_streams")),
                ml_meth: { _, _ in
                    fflush(nil)
                    return unsafe PyLong_FromLong(0)
                }, ml_flags: METH_NOARGS, ml_doc: nil))
        return try unsafe PythonObject(PyCMethod_New(definition, nil, nil, nil))
    }
}
