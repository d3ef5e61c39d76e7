/// Finds the route of a path: 404 before 405, a literal segment before a parameter (the most specific wins).
struct Router: Sendable {
    /// What a path and method come to.
    enum Outcome: Sendable {
        /// This route.
        case match(RouteMatch)
        /// The path exists; these methods do.
        case methodNotAllowed(allowed: [HTTPMethod], handler: any Handler)
        /// OPTIONS on a path that exists.
        case options(allowed: [HTTPMethod])
        /// Nothing at this path.
        case notFound
    }

    private final class Node: Sendable {
        let literals: [String: Node]
        let parameter: Node?
        let routes: [HTTPMethod: (route: Route, names: [String])]
        /// The routes' methods with HEAD and OPTIONS, in a fixed order.
        let allowed: [HTTPMethod]

        init(_ entries: [Entry], depth: Int) {
            var literals: [String: [Entry]] = [:]
            var parameters: [Entry] = []
            var routes: [HTTPMethod: (Route, [String])] = [:]
            var allowed: [HTTPMethod] = []
            for entry in entries {
                guard depth < entry.pattern.segments.count else {
                    routes[entry.route.endpoint.method] = (entry.route, entry.pattern.parameterNames)
                    allowed.append(entry.route.endpoint.method)
                    continue
                }
                switch entry.pattern.segments[depth] {
                case .literal(let text): literals[text, default: []].append(entry)
                case .parameter: parameters.append(entry)
                }
            }
            self.literals = literals.mapValues { Node($0, depth: depth + 1) }
            self.parameter = parameters.isEmpty ? nil : Node(parameters, depth: depth + 1)
            self.routes = routes
            if allowed.contains(.get), !allowed.contains(.head) { allowed.append(.head) }
            if !allowed.isEmpty, !allowed.contains(.options) { allowed.append(.options) }
            self.allowed = allowed
        }
    }

    /// A route with its parsed pattern.
    struct Entry: Sendable {
        let pattern: PathPattern
        let route: Route
    }

    private let root: Node
    /// The nodes of patterns without parameters, by the whole path.
    private let literals: [String: Node]

    init(_ entries: [Entry]) {
        root = Node(entries, depth: 0)
        var literals: [String: Node] = [:]
        for entry in entries where entry.pattern.parameterNames.isEmpty {
            let segments = entry.pattern.segments.compactMap {
                if case .literal(let text) = $0 { text } else { nil }
            }
            var values: [String] = []
            literals[entry.pattern.text] = Self.find(root, segments[...], &values)
        }
        self.literals = literals
    }

    /// Looks up a target as it was sent, in one step; nil unless a pattern without parameters is the same letter by
    /// letter, as most requests' is. Nothing more specific can match then.
    func find(_ method: HTTPMethod, literal target: String) -> Outcome? {
        literals[target].map { outcome(method, $0, values: []) }
    }

    /// Looks a path up. Segments are already percent-decoded; a single empty last one (a trailing slash) counts as none only where the pattern itself ends its handler's base path.
    func find(_ method: HTTPMethod, _ segments: [String]) -> Outcome {
        var values: [String] = []
        guard let node = Self.find(root, segments[...], &values) else { return .notFound }
        return outcome(method, node, values: values)
    }

    private func outcome(_ method: HTTPMethod, _ node: Node, values: [String]) -> Outcome {
        let found = node.routes[method] ?? (method == .head ? node.routes[.get] : nil)
        if let found {
            return .match(
                RouteMatch(
                    route: found.route,
                    parameters: Array(zip(found.names, values)).map { (name: $0, value: $1) }))
        }
        if method == .options { return .options(allowed: node.allowed) }
        guard let any = node.routes.values.first else { return .notFound }
        return .methodNotAllowed(allowed: node.allowed, handler: any.route.handler)
    }

    /// Depth is bounded by the deepest pattern, not by the path.
    private static func find(_ node: Node, _ segments: ArraySlice<String>, _ values: inout [String]) -> Node?
    {
        guard let segment = segments.first else { return node.routes.isEmpty ? nil : node }
        if let next = node.literals[segment], let found = find(next, segments.dropFirst(), &values) {
            return found
        }
        guard let next = node.parameter, !segment.isEmpty else { return nil }
        values.append(segment)
        if let found = find(next, segments.dropFirst(), &values) { return found }
        values.removeLast()
        return nil
    }
}
