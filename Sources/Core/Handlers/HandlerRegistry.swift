/// The handlers of a server and where they are mounted.
///
/// Every declaration is checked here, in all builds, before the server starts: two handlers of one name, two
/// endpoints of one route, names and paths that are none, path parameters that do not fit the path.
public struct HandlerRegistry: Sendable {
    /// A handler and the prefix its base path stands below.
    struct Registration: Sendable {
        let handler: any Handler
        let mount: String
        let endpoints: [Endpoint]
        /// False for the server's own endpoints, which the listing leaves out.
        let isListed: Bool

        /// Mount and base path; empty where both are.
        var prefix: String { (mount == "/" ? "" : mount) + (handler.basePath == "/" ? "" : handler.basePath) }
    }

    /// Where handlers are mounted unless said otherwise.
    public static let defaultMount = "/api/v1"

    private(set) var registrations: [Registration] = []
    private(set) var entries: [Router.Entry] = []

    /// An empty registry.
    public init() {}

    /// Adds a handler.
    ///
    /// - Parameters:
    ///   - handler: Its name, base path and endpoints are checked at once.
    ///   - mount: A path that its base path is appended to, `/` for none; its own ``Handler/mount`` unless given.
    /// - Throws: ``RegistryError`` naming the handler and what is wrong with it.
    public mutating func register(
        _ handler: any Handler, at mount: String? = nil
    ) throws(RegistryError) {
        guard Self.isName(handler.name) else {
            throw RegistryError(
                "handler name '\(handler.name)' must be 1 to 64 of a-z, 0-9, '-' and '_', beginning with a letter"
            )
        }
        try add(handler, at: mount ?? handler.mount, isListed: true)
    }

    /// Adds endpoints of the server's own.
    mutating func registerUnlisted(_ handler: any Handler, at mount: String) throws(RegistryError) {
        try add(handler, at: mount, isListed: false)
    }

    private mutating func add(_ handler: any Handler, at mount: String, isListed: Bool) throws(RegistryError)
    {
        let who = "handler '\(handler.name)'"
        if registrations.contains(where: { $0.handler.name == handler.name }) {
            throw RegistryError("\(who) is registered twice")
        }
        guard PathPattern(mount)?.parameterNames.isEmpty == true else {
            throw RegistryError("\(who): mount '\(mount)' must be a plain path such as /api/v1")
        }
        guard PathPattern(handler.basePath)?.parameterNames.isEmpty == true else {
            throw RegistryError("\(who): base path '\(handler.basePath)' must be a plain path such as /words")
        }
        let registration = Registration(
            handler: handler, mount: mount, endpoints: handler.endpoints, isListed: isListed)
        for endpoint in registration.endpoints {
            let entry = try check(endpoint, of: registration, who: who)
            if !isListed { try refuseHandlers(at: entry.pattern.text) }
            entries.append(entry)
        }
        registrations.append(registration)
    }

    /// A handler whose base path is a path of the server's own would have endpoints among the server's.
    private func refuseHandlers(at path: String) throws(RegistryError) {
        for registration in registrations where registration.isListed {
            let prefix = registration.prefix
            if prefix == path || prefix.hasPrefix(path + "/") {
                throw RegistryError(
                    "handler '\(registration.handler.name)': \(prefix) is the server's own, by \(path); give it another base path"
                )
            }
        }
    }

    private func check(
        _ endpoint: Endpoint, of registration: Registration, who: String
    ) throws(RegistryError) -> Router.Entry {
        let place = "\(who), \(endpoint.method) \(endpoint.path)"
        guard PathPattern(endpoint.path) != nil else {
            throw RegistryError("\(place): the path must look like /words or /word/{id}")
        }
        guard !endpoint.method.rawValue.isEmpty,
            endpoint.method.rawValue.utf8.allSatisfy({ (0x41...0x5A).contains($0) })
        else { throw RegistryError("\(place): the method must be upper-case letters") }
        let full = registration.prefix + (endpoint.path == "/" ? "" : endpoint.path)
        guard let pattern = PathPattern(full.isEmpty ? "/" : full) else {
            throw RegistryError("\(place): '\(full)' is no path; a parameter name may stand once")
        }
        var seen: Set<String> = []
        for parameter in endpoint.parameters {
            guard !parameter.name.isEmpty, seen.insert("\(parameter.location) \(parameter.name)").inserted
            else {
                throw RegistryError(
                    "\(place): parameter '\(parameter.name)' is declared twice or has no name")
            }
            if parameter.location == .path, !pattern.parameterNames.contains(parameter.name) {
                throw RegistryError("\(place): path parameter '\(parameter.name)' is not in the path")
            }
        }
        for name in pattern.parameterNames where !seen.contains("path \(name)") {
            throw RegistryError("\(place): '{\(name)}' has no PathParameter of that name")
        }
        if endpoint.readsBody,
            endpoint.method == .get || endpoint.method == .head || endpoint.method == .delete
        {
            throw RegistryError("\(place): a \(endpoint.method) has no body to take parameters from")
        }
        for entry in entries where entry.route.endpoint.method == endpoint.method {
            if Self.sameShape(entry.pattern, pattern) {
                throw RegistryError(
                    "\(place) and handler '\(entry.route.handler.name)' both declare \(endpoint.method) \(pattern.text)"
                )
            }
        }
        return Router.Entry(
            pattern: pattern,
            route: Route(
                handler: registration.handler, endpoint: endpoint, pattern: pattern.text,
                number: entries.count))
    }

    /// Two patterns match the same paths when their parameters stand at the same places, whatever their names.
    private static func sameShape(_ left: PathPattern, _ right: PathPattern) -> Bool {
        left.segments.count == right.segments.count
            && zip(left.segments, right.segments).allSatisfy { pair in
                switch pair {
                case (.literal(let one), .literal(let other)): one == other
                case (.parameter, .parameter): true
                default: false
                }
            }
    }

    private static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (1...64).contains(bytes.count), (0x61...0x7A).contains(bytes[0]) else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case 0x61...0x7A, 0x30...0x39, 0x2D, 0x5F: true
            default: false
            }
        }
    }

    /// The lanes of all handlers.
    public var lanes: [JobLane] { registrations.map(\.handler.jobLane) }

    /// The names of the listed handlers, in order of registration.
    public var handlerNames: [String] { registrations.filter(\.isListed).map(\.handler.name) }
}
