import RoostCore
import Testing

@Suite struct `Parameters` {
    enum Colour: String, CaseIterable, ParameterValue { case red, green }

    private static func failure(_ parameter: any ParameterDeclaration, _ raw: RawParameter) -> APIFailure? {
        do throws(APIFailure) {
            _ = try parameter.validate(raw)
            return nil
        } catch { return error }
    }

    @Test func `gives the default for an absent value and nothing where there is none`() throws {
        #expect(try QueryParameter<Int>("n", "", default: 7).validate(.absent) as? Int == 7)
        #expect(try QueryParameter<Int>("n", "").validate(.absent) == nil)
    }

    @Test func `asks for a required value by the declared code`() throws {
        let plain = try #require(Self.failure(BodyParameter<String>("text", "", required: true), .absent))
        #expect(plain.code == "MISSING_PARAMETER")
        #expect(plain.message == "Missing required field: text")
        #expect(plain.details == ["parameter": "text"])
        let own = try #require(
            Self.failure(BodyParameter<String>("code", "", required: true, missing: .missingCode), .absent))
        #expect(own.code == "MISSING_CODE")
    }

    @Test(arguments: [JSON.string("5"), true, 1.5, .array([]), 0, 101])
    func `refuses a body integer of a wrong type or out of range`(json: JSON) throws {
        let failure = try #require(Self.failure(BodyParameter<Int>("n", "", in: 1...100), .json(json)))
        #expect(failure.code == "INVALID_PARAMETER")
        #expect(failure.message == "Invalid field 'n': must be an integer from 1 to 100")
        #expect(failure.details == ["parameter": "n", "allowed": ["minimum": 1, "maximum": 100]])
    }

    @Test(arguments: [JSON.int(1), .int(100), .double(10.0)])
    func `takes a body integer within its range`(json: JSON) throws {
        #expect(try BodyParameter<Int>("n", "", in: 1...100).validate(.json(json)) is Int)
    }

    @Test(arguments: ["", " 1", "+1", "1.0", "0x1", "1e1", "99999999999999999999", "-1", "one"])
    func `refuses a query integer that is none or out of range`(text: String) {
        #expect(Self.failure(QueryParameter<Int>("n", "", in: 0...), .text(text))?.code == "INVALID_PARAMETER")
    }

    @Test func `lists the allowed values`() throws {
        let failure = try #require(Self.failure(QueryParameter<Colour>("colour", ""), .text("blue")))
        #expect(failure.details == ["parameter": "colour", "allowed": ["red", "green"]])
        #expect(failure.message == "Invalid query parameter 'colour': must be one of red, green")
    }

    @Test func `treats null as absent unless told otherwise`() {
        #expect(Self.failure(BodyParameter<Int>("n", ""), .json(.null)) == nil)
        #expect(
            Self.failure(BodyParameter<String>("code", "", invalid: .invalidCode, nullIsAbsent: false), .json(.null))?.code
                == "INVALID_CODE")
    }

    @Test func `treats an empty text as absent where told so`() {
        let parameter = QueryParameter<String>("id", "", required: true, emptyIsAbsent: true)
        #expect(Self.failure(parameter, .text(""))?.code == "MISSING_PARAMETER")
    }

    @Test func `tells the listing everything it was declared with`() {
        let parameter = QueryParameter<Int>("top", "How many", in: 1...100, default: 10)
        #expect(
            parameter.listing == [
                "name": "top", "in": "query", "type": "integer", "required": false, "description": "How many",
                "allowed": ["minimum": 1, "maximum": 100], "default": 10,
            ])
    }
}
