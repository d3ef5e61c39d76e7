package import RoostCore
internal import Synchronization

/// Who has a key (contract §7); the list can be replaced while the server runs.
///
/// Only digests are kept, and all of them are compared with that of what was sent, each in constant time: how long an
/// answer takes tells nothing of how nearly a key was guessed.
public final class APIKeys: Sendable {
    private let list: Mutex<APIKeyList>

    /// Starts with `list`.
    public init(_ list: APIKeyList) { self.list = Mutex(list) }

    /// Takes `list` instead from now on.
    public func replace(with list: APIKeyList) { self.list.withLock { $0 = list } }

    /// How many clients there are by name.
    public var clientCount: Int { list.withLock { $0.names.count } }

    /// The name of the client whose key a request has, as `x-api-key` or `Authorization: Bearer`; nil for none of ours.
    package func client(of head: RequestHead) -> String? {
        if let key = head.fields["x-api-key"], let name = name(of: key) { return name }
        return Self.bearerToken(head.fields).flatMap(name)
    }

    /// True when a request has a key, ours or not.
    package static func isAnyPresent(in head: RequestHead) -> Bool {
        head.fields.contains("x-api-key") || head.fields.contains("Authorization")
    }

    private func name(of key: String) -> String? {
        guard !key.isEmpty, key.utf8.count <= APIKeyList.maximumKeyBytes else { return nil }
        let digest = SHA256.digest(key.utf8)
        return list.withLock { list in
            var found: String?
            for entry in list.entries where SHA256.areEqual(entry.digest, digest) { found = entry.name }
            return found
        }
    }

    /// RFC 6750 §2.1; the scheme's name compares without case (RFC 9110 §11.1).
    private static func bearerToken(_ fields: HTTPFields) -> String? {
        guard let value = fields["Authorization"] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
