import Glibc

/// The real programs: the build puts them beside the test bundle.
enum Programs {
    static let folder: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
        precondition(count > 0, "/proc/self/exe cannot be read")
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
    }()

    static let roost = folder + "/roost"

    /// A Python for what must be done from outside, such as making a database that is not ours.
    static let python: String? = ["/usr/bin/python3", "/usr/local/bin/python3"].first(where: Files.exists)
    static let curl: String? = ["/usr/bin/curl", "/usr/local/bin/curl"].first(where: Files.exists)
}
