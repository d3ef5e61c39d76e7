/// The server's own endpoints: `/health` and `/handlers`, made from the handlers' declarations, and the jobs of all
/// handlers.
struct ServerEndpoints: Handler {
    let name = "server"
    let description = "Health, listing and the jobs of all handlers"
    let basePath = "/"

    private let healthStart: [UInt8]
    private let healthRest: [UInt8]
    /// The comma, the name and the colon before what a handler says of itself.
    private let healthMembers: [(name: [UInt8], handler: any Handler)]
    private let handlerListing: JSON
    private let startedAt = ContinuousClock.now

    init(info: ServerInfo, registry: HandlerRegistry) {
        let registrations = registry.registrations.filter(\.isListed)
        // A name has no character that JSON would escape; the registry sees to that.
        healthMembers = registrations.map { (Array(",\"\($0.handler.name)\":".utf8), $0.handler) }
        handlerListing = .array(registrations.map(Self.list))
        healthStart = Array(#"{"success":true,"status":"healthy","uptime_seconds":"#.utf8)
        let rest: JSON = [
            "handlers": registry.handlerNames.json, "version": .string(info.version),
            "pid": .int(info.processID),
        ]
        // As further members of the same object: its opening brace becomes the comma before them.
        healthRest = [UInt8(ascii: ",")] + rest.serialized().dropFirst().dropLast()
    }

    var endpoints: [Endpoint] {
        Endpoint(.get, "/health", "Check server health") { _ in .json(bytes: health) }
        Endpoint(.get, "/handlers", "List all registered handlers") { _ in
            .json([
                "success": true, "handlers": handlerListing,
                "server": [
                    "base_path": .string(HandlerRegistry.defaultMount),
                    "mount": .string(HandlerRegistry.defaultMount), "endpoints": Self.list(self.endpoints),
                ],
            ])
        }
        JobEndpoints.all
    }

    /// Written piece by piece: it is asked more often than anything else, and most of it never changes.
    private var health: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(healthStart.count + healthRest.count + 512)
        bytes.append(contentsOf: healthStart)
        let uptime = startedAt.duration(to: .now).components.seconds
        bytes.append(contentsOf: String(uptime).utf8)
        bytes.append(contentsOf: healthRest)
        for (name, handler) in healthMembers {
            guard let own = handler.health() else { continue }
            bytes.append(contentsOf: name)
            if case .text(let text) = own {
                bytes.append(contentsOf: text.bytes)
            } else {
                bytes.append(contentsOf: own.serialized())
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func list(_ registration: HandlerRegistry.Registration) -> JSON {
        let handler = registration.handler
        let isDefault = registration.mount == HandlerRegistry.defaultMount
        var entry: JSONObject = [
            "name": .string(handler.name),
            "base_path": .string(isDefault ? handler.basePath : registration.prefix),
            "description": .string(handler.description),
            "endpoints": list(registration.endpoints),
        ]
        if !isDefault { entry["mount"] = .string(registration.mount) }
        return .object(entry)
    }

    private static func list(_ endpoints: [Endpoint]) -> JSON {
        .array(
            endpoints.map { endpoint in
                [
                    "method": .string(endpoint.method.rawValue), "path": .string(endpoint.path),
                    "description": .string(endpoint.description),
                    "parameters": .array(endpoint.parameters.map(\.listing)),
                ]
            })
    }
}
