import CLinux
import Glibc

/// The namespaces of a strict sandbox (namespaces(7)): what the worker enters once, and what each job does for itself.
struct Namespaces {
    private let scratchRoot: String

    /// Moves this process where there is no network and every file is read-only but for the scratch folders.
    ///
    /// - Parameters:
    ///   - scratchRoot: the folder of the scratch folders.
    ///   - hidden: files and folders that jobs must not read.
    /// - Throws: `PythonFailure` that names what this kernel cannot give.
    init(scratchRoot: String, hidden: [String]) throws(PythonFailure) {
        self.scratchRoot = scratchRoot
        if geteuid() != 0 {
            try Self.require(UserNamespace.enter(), "network, files, process table", "user namespaces")
        }
        try Self.require(clinux_unshare(CLINUX_CLONE_NEWNET) == 0, "network", "network namespaces")
        try Self.require(clinux_unshare(CLINUX_CLONE_NEWNS) == 0, "files", "mount namespaces")
        // Nothing of it may reach the machine's own mounts.
        try Self.require(
            unsafe clinux_mount(nil, "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0, "files", "private mounts"
        )
        let scratch = unsafe clinux_copy_mount(scratchRoot)
        defer { close(scratch) }
        try Self.require(
            unsafe scratch >= 0 && clinux_make_read_only("/") == 0
                && clinux_attach_mount(scratch, scratchRoot) == 0,
            "files", "read-only mounts (Linux 5.12)")
        for path in hidden { Self.hide(path) }
    }

    /// In a job's process: its own mounts, with its own process table in `/proc` and no scratch folder but its own.
    ///
    /// - Returns: false, with `errno` set, when the kernel refuses.
    func enterJob(scratch: String) -> Bool {
        guard clinux_unshare(CLINUX_CLONE_NEWNS | CLINUX_CLONE_NEWIPC) == 0 else { return false }
        let flags = UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC)
        // What a job can write there is its own: it has no privileges, and maps its user namespace by it.
        guard unsafe clinux_mount("proc", "/proc", "proc", flags, nil) == 0 else { return false }
        let own = unsafe clinux_copy_mount(scratch)
        guard own >= 0 else { return false }
        defer { close(own) }
        return unsafe clinux_mount("tmpfs", scratchRoot, "tmpfs", flags, "mode=0711,nr_inodes=8,size=4096")
            == 0
            && mkdir(scratch, 0o700) == 0 && clinux_attach_mount(own, scratch) == 0
            && clinux_mount(nil, scratchRoot, nil, flags | UInt(MS_REMOUNT | MS_BIND | MS_RDONLY), nil) == 0
    }

    /// Puts nothing in the place of a file or folder; what is not there need not be hidden.
    private static func hide(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            let flags = UInt(MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
            _ = unsafe clinux_mount("tmpfs", path, "tmpfs", flags, "mode=0,nr_inodes=1,size=4096")
        } else {
            _ = unsafe clinux_mount("/dev/null", path, nil, UInt(MS_BIND), nil)
        }
    }

    private static func require(_ holds: Bool, _ what: String, _ means: String) throws(PythonFailure) {
        guard !holds else { return }
        let reason = errno
        throw PythonFailure(
            "--sandbox strict cannot be had here: \(what), since this system gives us no \(means) (errno \(reason))"
        )
    }
}
