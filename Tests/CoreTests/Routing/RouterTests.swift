@testable import RoostCore
import Testing

@Suite struct `Path routing` {
    private struct Stub: Handler {
        let name = "stub"
        let description = "For tests"
        let basePath = "/"
        static let id = PathParameter<String>("id", "Any text")
        static let kind = PathParameter<String>("kind", "Any text")
        var endpoints: [Endpoint] {
            Endpoint(.get, "/a", "Literal") { _ in .text("a") }
            Endpoint(.post, "/a", "Literal, other method") { _ in .text("a") }
            Endpoint(.get, "/a/{id}", "Parameter", Self.id) { _ in .text("id") }
            Endpoint(.get, "/a/b", "Literal beside a parameter") { _ in .text("b") }
            Endpoint(.get, "/a/{id}/c", "Below a parameter", Self.id) { _ in .text("c") }
            Endpoint(.get, "/{kind}/x/y", "Parameter first", Self.kind) { _ in .text("y") }
            Endpoint(.delete, "/only", "No GET") { _ in .text("only") }
        }
    }

    private static let router: Router = {
        var registry = HandlerRegistry()
        do { try registry.register(Stub(), at: "/") } catch { Issue.record(error) }
        return Router(registry.entries)
    }()

    @Test(
        arguments: [
            (["a"], "/a", []), (["a", "b"], "/a/b", []), (["a", "z"], "/a/{id}", ["z"]),
            (["a", "b", "c"], "/a/{id}/c", ["b"]), (["a", "x", "y"], "/{kind}/x/y", ["a"]),
            (["a", "x/y"], "/a/{id}", ["x/y"]),
        ] as [([String], String, [String])])
    func `finds the most specific route and what its parameters stand for`(
        segments: [String], pattern: String, values: [String]
    ) throws {
        guard case .match(let match) = Self.router.find(.get, segments) else {
            Issue.record("no match for \(segments)")
            return
        }
        #expect(match.route.pattern == pattern)
        #expect(match.parameters.map(\.value) == values)
    }

    @Test(arguments: ["/a", "/a/b", "/only", "/a/z", "/a/b/", "/a/%62", "/a?x", "/A", "/", "", "/a/b/c"])
    func `a whole path is found in one step only where going through its segments finds the same`(target: String) {
        let literal = Self.router.find(.get, literal: target)
        let segments = target.split(separator: "/").map(String.init)
        switch (literal, Self.router.find(.get, segments)) {
        case (.match(let found)?, .match(let expected)): #expect(found.route === expected.route)
        case (.methodNotAllowed?, .methodNotAllowed): break
        case (nil, _): #expect(!["/a", "/a/b", "/only"].contains(target))
        default: Issue.record("another outcome for \(target)")
        }
    }

    @Test(arguments: [[], ["b"], ["a", ""], ["a", "b", "d"], ["A"], ["a", "b", "c", "d"]] as [[String]])
    func `finds nothing where nothing is`(segments: [String]) {
        guard case .notFound = Self.router.find(.get, segments) else {
            Issue.record("found something at \(segments)")
            return
        }
        guard case .notFound = Self.router.find(HTTPMethod(rawValue: "BREW"), segments) else {
            Issue.record("404 comes before 405")
            return
        }
    }

    @Test func `lists the methods of a path for one it does not have`() {
        guard case .methodNotAllowed(let allowed, _) = Self.router.find(.put, ["a"]) else {
            Issue.record("expected 405")
            return
        }
        #expect(allowed == [.get, .post, .head, .options])
    }

    @Test func `answers HEAD where there is GET, and only there`() {
        guard case .match(let match) = Self.router.find(.head, ["a"]) else {
            Issue.record("expected a match")
            return
        }
        #expect(match.route.endpoint.method == .get)
        guard case .methodNotAllowed(let allowed, _) = Self.router.find(.head, ["only"]) else {
            Issue.record("expected 405")
            return
        }
        #expect(allowed == [.delete, .options])
    }

    @Test func `answers OPTIONS on a known path`() {
        guard case .options(let allowed) = Self.router.find(.options, ["only"]) else {
            Issue.record("expected the methods")
            return
        }
        #expect(allowed == [.delete, .options])
    }
}
