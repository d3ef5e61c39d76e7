import Glibc

/// A terminal whose other side is a test: what a person would see can be read, and what one would type be written.
final class PseudoTerminal: Sendable {
    /// Our side.
    let descriptor: Int32
    /// The other side's file.
    let path: String

    // Of asm-generic/ioctls.h; what unlockpt(3) and ptsname(3) do, which the Glibc module does not show.
    private static let unlock: UInt = 0x4004_5431
    private static let number: UInt = 0x8004_5430

    init(columns: UInt16, rows: UInt16) throws {
        descriptor = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: Int32 = 0
        var number: Int32 = 0
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard descriptor >= 0, unsafe ioctl(descriptor, Self.unlock, &isLocked) == 0,
            unsafe ioctl(descriptor, Self.number, &number) == 0,
            unsafe ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0
        else { throw Files.Failure(description: "/dev/ptmx: errno \(errno)") }
        path = "/dev/pts/\(number)"
    }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe Glibc.write(descriptor, bytes, bytes.count)
    }

    deinit { close(descriptor) }
}
