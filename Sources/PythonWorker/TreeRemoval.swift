import Glibc

/// Removes a folder with everything in it, whatever a job made of it.
///
/// It follows no symbolic link, opens folders whose mode forbids it, and works at any depth with two descriptors:
/// a folder that is not empty is moved up to the top and emptied there.
enum TreeRemoval {
    /// Removes `path`, as far as the system allows.
    ///
    /// - Parameter path: a folder; nothing happens if there is none.
    static func remove(_ path: String) {
        if unsafe rmdir(path) == 0 || errno == ENOENT { return }
        // A killed process may still be on its way out and write: a few rounds, not for ever.
        for _ in 0..<8 {
            unsafe chmod(path, 0o700)
            let top = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if top >= 0 {
                empty(top)
                close(top)
            }
            if unsafe rmdir(path) == 0 || errno == ENOENT { return }
        }
    }

    private static func empty(_ top: Int32) {
        var moved = 0
        var folders = removeEntries(of: top, movingFoldersTo: top, &moved)
        while let name = folders.popLast() {
            unsafe fchmodat(top, name, 0o700, 0)
            let folder = unsafe openat(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard folder >= 0 else { continue }
            folders += removeEntries(of: folder, movingFoldersTo: top, &moved)
            close(folder)
            unsafe unlinkat(top, name, AT_REMOVEDIR)
        }
    }

    /// Unlinks files and empty folders; returns the names, in `top`, of the folders that are left.
    private static func removeEntries(
        of folder: Int32, movingFoldersTo top: Int32, _ moved: inout Int
    ) -> [[CChar]] {
        var left: [[CChar]] = []
        for name in entries(of: folder) {
            if unsafe unlinkat(folder, name, 0) == 0 || errno == ENOENT { continue }
            if unsafe unlinkat(folder, name, AT_REMOVEDIR) == 0 { continue }
            // To move a folder is to change its "..": that needs the right to write in it.
            unsafe fchmodat(folder, name, 0o700, AT_SYMLINK_NOFOLLOW)
            moved += 1
            let place = ".roost-\(getpid())-\(moved)".utf8CString.map { $0 }
            if unsafe renameat(folder, name, top, place) == 0 {
                left.append(place)
            }
        }
        return left
    }

    private static func entries(of folder: Int32) -> [[CChar]] {
        guard let stream = unsafe fdopendir(dup(folder)) else { return [] }
        defer { unsafe closedir(stream) }
        unsafe rewinddir(stream)
        var names: [[CChar]] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { characters in
                    unsafe Array(UnsafeBufferPointer(start: characters, count: strlen(characters) + 1))
                }
            }
            // "." and ".."
            if name == [46, 0] || name == [46, 46, 0] { continue }
            names.append(name)
        }
        return names
    }
}
