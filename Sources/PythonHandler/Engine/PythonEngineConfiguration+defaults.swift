internal import Glibc

extension PythonEngineConfiguration {
    /// `roost-python` in the folder of this program, where a build puts both.
    public static var executableBesideProgram: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let own = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/roost-python"
    }

    /// A folder of this process's own below `TMPDIR`, or below `/tmp`.
    public static var temporaryScratch: String {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        return "\(base)/roost-\(geteuid())-process-\(getpid())"
    }

    /// One for each core.
    public static var workersForMachine: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
