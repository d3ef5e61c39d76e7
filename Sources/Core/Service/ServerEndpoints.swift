/// The server's own endpoints, `/health` and `/handlers`, made from the handlers' declarations.
struct ServerEndpoints: Handler {
    let name = "server"
    let description = "Health and listing"
    let basePath = "/"

    private let info: ServerInfo
    private let registrations: [HandlerRegistry.Registration]
    private let names: JSON
    private let listing: JSON
    private let startedAt = ContinuousClock.now

    init(info: ServerInfo, registry: HandlerRegistry) {
        self.info = info
        registrations = registry.registrations.filter(\.isListed)
        names = registry.handlerNames.json
        listing = .array(registrations.map(Self.list))
    }

    var endpoints: [Endpoint] {
        Endpoint(.get, "/health", "Check server health") { _ in .json(health) }
        Endpoint(.get, "/handlers", "List all registered handlers") { _ in
            .json(["success": true, "handlers": listing])
        }
    }

    private var health: JSON {
        var health: JSONObject = [
            "success": true, "status": "healthy",
            "uptime_seconds": .int(Int(startedAt.duration(to: .now).components.seconds)),
            "handlers": names, "version": .string(info.version), "pid": .int(info.processID),
        ]
        for registration in registrations {
            if let own = registration.handler.health() { health[registration.handler.name] = own }
        }
        return .object(health)
    }

    private static func list(_ registration: HandlerRegistry.Registration) -> JSON {
        let handler = registration.handler
        let isDefault = registration.mount == HandlerRegistry.defaultMount
        var entry: JSONObject = [
            "name": .string(handler.name),
            "base_path": .string(isDefault ? handler.basePath : registration.prefix),
            "description": .string(handler.description),
            "endpoints": .array(
                registration.endpoints.map { endpoint in
                    [
                        "method": .string(endpoint.method.rawValue), "path": .string(endpoint.path),
                        "description": .string(endpoint.description),
                        "parameters": .array(endpoint.parameters.map(\.listing)),
                    ]
                }),
        ]
        if !isDefault { entry["mount"] = .string(registration.mount) }
        return .object(entry)
    }
}
