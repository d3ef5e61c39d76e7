internal import Glibc
public import RoostCore
package import RoostWebhooks

/// How a server sends webhooks.
public struct WebhookConfiguration: Sendable {
    /// The path of `roost-webhooks`. When it cannot be run, webhooks are refused and a warning says why.
    public var executable: String
    /// Path of a file with one `whsec_…` secret a line; nil sends them unsigned.
    public var secretFile: String?
    /// Whether they may go to loopback, private and link-local addresses.
    public var allowPrivate: Bool
    /// When they are sent again; for tests.
    package var schedule = WebhookSchedule()

    /// Puts a configuration together.
    public init(executable: String, secretFile: String? = nil, allowPrivate: Bool = false) {
        self.executable = executable
        self.secretFile = secretFile
        self.allowPrivate = allowPrivate
    }

    private var canSend: Bool { unsafe access(executable, X_OK) == 0 && !Files.isFolder(executable) }

    /// What handlers ask before they accept a webhook; nil when none can be sent.
    public func gate(_ logger: Logger) -> (any WebhookGate)? {
        guard canSend else {
            logger.warning(
                "webhooks are refused: cannot run '\(executable)'; build it with 'swift build'")
            return nil
        }
        return PublicGate(allowPrivate: allowPrivate)
    }

    /// What sends them.
    ///
    /// - Returns: Nil when none can be sent.
    /// - Throws: ``StartError`` when the secrets cannot be read or understood.
    func service(store: (any WebhookStore)?, bodies: [String: any WebhookBodies], logger: Logger)
        throws(StartError) -> WebhookService?
    {
        let secrets = try secrets(logger)
        guard let store, canSend else { return nil }
        let transport: SenderProcess
        do { transport = try SenderProcess(executable: executable, allowPrivate: allowPrivate) } catch {
            throw StartError("webhooks: \(error)")
        }
        return WebhookService(
            store: store, transport: transport, secrets: secrets, bodies: bodies,
            userAgent: "Roost/\(RoostVersion.current)", schedule: schedule, logger: logger, now: WallClock.now
        )
    }

    private func secrets(_ logger: Logger) throws(StartError) -> [WebhookSecret] {
        guard let secretFile else { return [] }
        guard let bytes = Files.read(secretFile), let text = String(validating: bytes, as: UTF8.self) else {
            throw StartError(
                "the webhook secret file '\(secretFile)' cannot be read; write one whsec_… secret a line")
        }
        if Files.isOpenToOthers(secretFile) {
            logger.warning(
                "the webhook secret file '\(secretFile)' can be read by other users; chmod 600 puts it right")
        }
        switch WebhookSecret.list(text) {
        case .success(let secrets) where !secrets.isEmpty: return secrets
        case .success:
            throw StartError("the webhook secret file '\(secretFile)' holds no secret; write one a line")
        case .failure(let line):
            throw StartError(
                "the webhook secret file '\(secretFile)', line \(line.number): not 'whsec_' and the Base64 of 24 to 64 bytes"
            )
        }
    }
}
