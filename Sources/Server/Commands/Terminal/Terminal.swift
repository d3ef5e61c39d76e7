internal import Glibc

/// What one of the standard descriptors is connected to.
struct Terminal: Sendable {
    /// The number, 1 or 2.
    let descriptor: Int32
    /// False for a pipe or a file.
    let isTerminal: Bool
    /// With colours only on a terminal that can, and where `NO_COLOR` is not set (no-color.org).
    let style: Style

    /// Looks at a descriptor.
    init(_ descriptor: Int32, environment: [String: String]) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        let isDumb = ["dumb", nil].contains(environment["TERM"])
        style = Style(isOn: isTerminal && !isDumb && environment["NO_COLOR", default: ""].isEmpty)
    }

    static func output(_ environment: [String: String]) -> Terminal {
        Terminal(STDOUT_FILENO, environment: environment)
    }

    static func errors(_ environment: [String: String]) -> Terminal {
        Terminal(STDERR_FILENO, environment: environment)
    }

    /// Columns at this moment; nil when it is no terminal, or one that does not say.
    var columns: Int? { size.map { Int($0.ws_col) } }
    /// Lines at this moment; nil as above.
    var rows: Int? { size.map { Int($0.ws_row) } }

    /// A page of help on it: no wider than is good to read.
    var helpPage: HelpPage { HelpPage(style: style, width: max(40, min(columns ?? 100, 100))) }

    private var size: winsize? {
        var size = winsize()
        guard isTerminal, unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return size
    }

    /// Writes text; false when nobody reads it any more.
    @discardableResult func write(_ text: String) -> Bool { Console.put(text, to: descriptor) }
}
