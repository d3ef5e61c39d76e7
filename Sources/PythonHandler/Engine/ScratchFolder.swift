internal import Glibc
internal import RoostEventLoop

/// The folder below which every job has a scratch folder of its own.
///
/// Its calls block: they are for the start of an engine, on no loop.
enum ScratchFolder {
    /// Makes the folder for its owner alone, or empties the one that a killed server left (contract §8).
    ///
    /// - Throws: ``PythonEngineError`` when it is there but is no folder of ours: below a temporary folder that all
    ///   users share, somebody else may have made it.
    static func prepare(_ path: String) throws(PythonEngineError) {
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw PythonEngineError(
                "cannot make the scratch folder '\(path)': \(SystemError.text(of: errno))")
        }
        let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else {
            throw PythonEngineError("the scratch folder '\(path)' is no folder; remove it or set TMPDIR")
        }
        defer { close(folder) }
        var status = stat()
        guard unsafe fstat(folder, &status) == 0, status.st_uid == geteuid() else {
            throw PythonEngineError(
                "the scratch folder '\(path)' belongs to another user; set TMPDIR to a folder of your own")
        }
        _ = fchmod(folder, 0o700)
        empty(folder)
    }

    /// Removes the folder, if nothing is left in it.
    static func remove(_ path: String) { unsafe rmdir(path) }

    /// Removes everything in a folder, whatever jobs left there.
    ///
    /// Folders inside folders are moved up and emptied in turn, so that neither their depth nor a symbolic link
    /// can lead anywhere: nothing recurses, and no path has more than two parts.
    private static func empty(_ folder: Int32) {
        var counter = 0
        var rounds = 0
        while true {
            let names = names(in: folder)
            // What cannot be removed (a foreign mount, say) must not keep the server from starting.
            guard !names.isEmpty, rounds < 100_000 else { return }
            rounds += 1
            var progress = false
            for name in names {
                if unsafe unlinkat(folder, name, 0) == 0 || unlinkat(folder, name, CInt(AT_REMOVEDIR)) == 0 {
                    progress = true
                    continue
                }
                openUp(folder, name)
                let inner = unsafe openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                guard inner >= 0 else { continue }
                for entry in self.names(in: inner) {
                    if unsafe unlinkat(inner, entry, 0) == 0 {
                        progress = true
                        continue
                    }
                    counter += 1
                    openUp(inner, entry)
                    if unsafe renameat(inner, entry, folder, "up-\(getpid())-\(counter)") == 0 {
                        progress = true
                    }
                }
                close(inner)
                if unsafe unlinkat(folder, name, CInt(AT_REMOVEDIR)) == 0 { progress = true }
            }
            if !progress { return }
        }
    }

    /// Without its owner's permissions a folder can be neither read nor moved. Never follows a link.
    private static func openUp(_ folder: Int32, _ name: [CChar]) {
        _ = unsafe fchmodat(folder, name, 0o700, CInt(AT_SYMLINK_NOFOLLOW))
    }

    /// Names as the kernel has them, with their final NUL: a job may use bytes that are no UTF-8.
    private static func names(in folder: Int32) -> [[CChar]] {
        // A descriptor of its own, since closedir closes it, and read from the beginning.
        let copy = unsafe openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return [] }
        guard let directory = unsafe fdopendir(copy) else {
            close(copy)
            return []
        }
        defer { unsafe closedir(directory) }
        var names: [[CChar]] = []
        while let entry = unsafe readdir(directory) {
            // d_name ends with NUL, and the entry stays until the next readdir on this stream (readdir(3)).
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
                }
            }
            if name != [0x2E, 0], name != [0x2E, 0x2E, 0] { names.append(name) }
        }
        return names
    }
}
