internal import Glibc

/// Small blocking file operations, for the start and the stop of a server only.
enum Files {
    /// The whole file, or nil when it cannot be read or is larger than `maximum` bytes.
    static func read(_ path: String, maximum: Int = 1 << 20) -> [UInt8]? {
        // O_NONBLOCK, since opening a FIFO would wait for somebody to write to it.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0, content.count + count <= maximum else { return nil }
            if count == 0 { return content }
            content.append(contentsOf: buffer[..<count])
        }
    }

    /// Writes a file under a temporary name and renames it, so that a reader sees the old one or the new one.
    ///
    /// - Returns: The error number, or nil when it worked.
    static func replace(_ path: String, with content: [UInt8], mode: mode_t) -> Int32? {
        let temporary = path + ".\(getpid()).tmp"
        unsafe unlink(temporary)
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { return errno }
        var failure: Int32?
        let count = unsafe content.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        if count != content.count { failure = count < 0 ? errno : ENOSPC }
        if close(descriptor) != 0, failure == nil { failure = errno }
        if failure == nil, unsafe rename(temporary, path) != 0 { failure = errno }
        if failure != nil { unsafe unlink(temporary) }
        return failure
    }

    /// Makes a folder and its parents as far as they are missing.
    ///
    /// - Returns: The error number, or nil when it is there.
    static func makeFolder(_ path: String) -> Int32? {
        if isFolder(path) { return nil }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            if let failure = makeFolder(String(path[..<slash])) { return failure }
        }
        return unsafe mkdir(path, 0o777) == 0 || errno == EEXIST ? nil : errno
    }

    /// True for a folder, also behind a symbolic link.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// True when users other than its owner may read a file; false also when there is none.
    static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & (S_IRGRP | S_IROTH) != 0
    }

    /// Absolute, without a trailing slash; symbolic links stay, and nothing need be there.
    static func absolute(_ path: String) -> String {
        var absolute = path.hasPrefix("/") ? path : (canonical(".") ?? "") + "/" + path
        while absolute.hasSuffix("/"), absolute.utf8.count > 1 { absolute.removeLast() }
        return absolute
    }

    /// The first of a folder and those above it, up to the root, for which something holds.
    ///
    /// - Parameters:
    ///   - folder: Absolute, without a trailing slash.
    ///   - holds: What is looked for.
    /// - Returns: The folder, or nil when it holds for none.
    static func upwards(from folder: String, first holds: (String) -> Bool) -> String? {
        var path = folder
        while true {
            if holds(path) { return path }
            guard path.utf8.count > 1, let slash = path.lastIndex(of: "/") else { return nil }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }

    /// Absolute and without symbolic links; nil when it does not exist.
    static func canonical(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        // Allocated by realpath for the caller, copied and freed here.
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) -> [String] {
        guard let directory = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            // d_name is terminated by NUL, and the entry stays until the next readdir on this stream.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
