@testable import RoostCore
import Testing

@Suite struct `Handler registry` {
    struct Stub: Handler {
        var name = "stub"
        let description = "For tests"
        var path: String?
        var declared: [Endpoint] = []
        var basePath: String { path ?? "/" + name }
        var endpoints: [Endpoint] { declared }
    }

    private static let id = PathParameter<String>("id", "Any text")
    private static let other = PathParameter<String>("other", "Any text")
    private static let field = BodyParameter<String>("field", "Any text")

    private static func endpoint(
        _ method: HTTPMethod, _ path: String, _ parameters: (any ParameterDeclaration)...
    ) -> Endpoint {
        switch parameters.count {
        case 0: Endpoint(method, path, "Test") { _ in .noContent }
        case 1: Endpoint(method, path, "Test", parameters[0]) { _ in .noContent }
        default: Endpoint(method, path, "Test", parameters[0], parameters[1]) { _ in .noContent }
        }
    }

    private static func refusal(_ handlers: Stub..., at mount: String = "/api/v1") -> String? {
        var registry = HandlerRegistry()
        do throws(RegistryError) {
            for handler in handlers { try registry.register(handler, at: mount) }
            return nil
        } catch { return error.description }
    }

    @Test(arguments: ["", "Upper", "1st", "a b", "-a", "a/b", String(repeating: "a", count: 65), "é"])
    func `refuses a name that is none, and names it`(name: String) throws {
        let refusal = try #require(Self.refusal(Stub(name: name)))
        #expect(refusal.contains("'\(name)'"))
    }

    @Test func `refuses two handlers of one name`() {
        #expect(Self.refusal(Stub(name: "words"), Stub(name: "words", path: "/other")) == "handler 'words' is registered twice")
    }

    @Test func `refuses two endpoints of one route and says who declares them and where`() {
        let first = Stub(name: "one", path: "/x", declared: [Self.endpoint(.get, "/y/{id}", Self.id)])
        let second = Stub(name: "two", path: "/x/y", declared: [Self.endpoint(.get, "/{other}", Self.other)])
        #expect(
            Self.refusal(first, second)
                == "handler 'two', GET /{other} and handler 'one' both declare GET /api/v1/x/y/{other}")
    }

    @Test func `lets one path have several methods`() {
        let handler = Stub(declared: [Self.endpoint(.get, "/y"), Self.endpoint(.post, "/y")])
        #expect(Self.refusal(handler) == nil)
    }

    @Test(arguments: ["", "y", "/y/", "//y", "/../y", "/y z", "/{}", "/{id}/{id}", "/y?z", "/é"])
    func `refuses a path that is none`(path: String) throws {
        let refusal = try #require(Self.refusal(Stub(declared: [Self.endpoint(.get, path, Self.id)])))
        #expect(refusal.hasPrefix("handler 'stub', GET \(path):"))
    }

    @Test func `refuses a path parameter that is not in the path, and one in the path that is not declared`() throws {
        let undeclared = try #require(Self.refusal(Stub(declared: [Self.endpoint(.get, "/{id}")])))
        #expect(undeclared.contains("'{id}' has no PathParameter"))
        let missing = try #require(Self.refusal(Stub(declared: [Self.endpoint(.get, "/x", Self.id)])))
        #expect(missing.contains("path parameter 'id' is not in the path"))
    }

    @Test func `refuses a parameter declared twice, and body parameters of a GET`() throws {
        let twice = try #require(Self.refusal(Stub(declared: [Self.endpoint(.post, "/x", Self.field, Self.field)])))
        #expect(twice.contains("parameter 'field' is declared twice"))
        let body = try #require(Self.refusal(Stub(declared: [Self.endpoint(.get, "/x", Self.field)])))
        #expect(body.contains("has no body"))
    }

    @Test func `refuses a mount with a parameter or without a slash`() throws {
        #expect(try #require(Self.refusal(Stub(), at: "api")).contains("mount 'api'"))
        #expect(try #require(Self.refusal(Stub(), at: "/{api}")).contains("mount '/{api}'"))
    }

    @Test func `refuses a method that is none`() throws {
        let refusal = try #require(Self.refusal(Stub(declared: [Self.endpoint(HTTPMethod(rawValue: "get"), "/x")])))
        #expect(refusal.contains("the method must be upper-case letters"))
    }

    @Test(arguments: ["/jobs", "/job", "/health", "/handlers", "/job/words"])
    func `keeps the paths of the server's own for the server`(path: String) throws {
        var registry = HandlerRegistry()
        try registry.register(Stub(name: "words", path: path, declared: [Self.endpoint(.post, "/run")]))
        let queue = JobQueue(
            store: InMemoryJobStore(), lanes: registry.lanes, logger: .silent, now: { Timestamp(milliseconds: 0) })
        let error = #expect(throws: RegistryError.self) {
            try RoostService(
                registry: registry, queue: queue, info: ServerInfo(version: "1", processID: 1), logger: .silent,
                now: { Timestamp(milliseconds: 0) })
        }
        #expect(error?.description.hasPrefix("handler 'words': /api/v1\(path) is the server's own") == true)
    }
}
