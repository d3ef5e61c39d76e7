import ExampleHandlers
import RoostCore
import Testing

struct EchoHandlerTests {
    @Test func `answers with the object it was sent, member for member`() async throws {
        let server = try ExampleServer(EchoHandler())
        #expect(try await server.text(.post, "/echo", #"{"b": 1, "a": ["é", null]}"#) == #"{"b":1,"a":["é",null]}"#)
    }

    @Test(arguments: ["", "[1]", "{", "nonsense"])
    func `refuses what is no object`(_ body: String) async throws {
        let answer = try await ExampleServer(EchoHandler()).send(.post, "/echo", body)
        #expect(answer.status == 400)
        #expect(answer.body["error"]?["code"]?.string == "INVALID_JSON")
    }

    @Test func `says a text as often as asked, within bounds`() async throws {
        let server = try ExampleServer(EchoHandler())
        #expect(try await server.text(.get, "/echo/text?text=a%20b") == "a b")
        #expect(try await server.text(.get, "/echo/text?text=ab&times=3") == "ababab")
        #expect(try await server.send(.get, "/echo/text").body["error"]?["code"]?.string == "MISSING_PARAMETER")
        let beyond = try await server.send(.get, "/echo/text?text=a&times=101")
        #expect(beyond.body["error"]?["details"]?["allowed"]?["maximum"]?.int == 100)
    }
}
