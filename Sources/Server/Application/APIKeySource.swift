internal import Glibc
internal import RoostCore
internal import RoostHTTP

/// Where a server's API keys come from: a file that can be read again, and one key from the environment.
struct APIKeySource: Sendable {
    /// The environment variable that holds one key. It is no option: arguments can be seen by everybody.
    static let variable = "ROOST_API_KEY"

    /// One key a line; see ``APIKeyList``.
    let file: String?
    /// A key of its own, as in a line of the file.
    let key: String?

    /// Reads all keys.
    ///
    /// - Parameter warn: Gets what is unsafe and no error.
    /// - Returns: The keys; nil when none are asked for.
    /// - Throws: ``StartError`` when the file cannot be read or understood, or holds no key. No part of a key is in it.
    func load(warn: (String) -> Void) throws(StartError) -> APIKeyList? {
        guard file != nil || key != nil else { return nil }
        let own: APIKeyList
        do { own = try APIKeyList(text: key ?? "") } catch {
            throw StartError("\(Self.variable): \(Self.withoutLine(error.description))")
        }
        guard let file else {
            guard own.count > 0 else { throw StartError("\(Self.variable) holds no key") }
            return own
        }
        // Of keys, so at most a few thousand lines.
        guard let bytes = Files.read(file, maximum: 8 << 20) else {
            throw StartError(
                "the API key file '\(file)' cannot be read; write one key a line, readable by the server")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw StartError("the API key file '\(file)' is no text")
        }
        let list: APIKeyList
        do { list = try APIKeyList(text: text, firstNumber: own.count + 1) } catch {
            throw StartError("the API key file '\(file)', \(error)")
        }
        guard list.count > 0 else {
            throw StartError("the API key file '\(file)' holds no key; write one key a line")
        }
        if Files.isOpenToOthers(file) {
            warn("the API key file '\(file)' can be read by other users; chmod 600 puts it right")
        }
        return own.joined(with: list)
    }

    private static func withoutLine(_ message: String) -> Substring {
        message.drop { $0 != " " }.dropFirst().drop { $0 != " " }.dropFirst()
    }

    /// Takes the key out of this process's environment: neither `/proc/PID/environ` nor a process it starts has it.
    ///
    /// Called before there are threads that read the environment.
    static func hideFromEnvironment() {
        guard let value = unsafe getenv(variable) else { return }
        // Within the block that the kernel made for this process; its length does not change.
        unsafe memset(value, 0x78, strlen(value))
        unsafe unsetenv(variable)
    }
}
