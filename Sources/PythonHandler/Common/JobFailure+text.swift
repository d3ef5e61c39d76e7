internal import RoostCore

extension JobFailure {
    /// `Class: message`; the message alone where there is no class, or where it names it already.
    var text: String {
        guard let type, message != type, !message.hasPrefix(type + ": ") else { return message }
        return type + ": " + message
    }
}
