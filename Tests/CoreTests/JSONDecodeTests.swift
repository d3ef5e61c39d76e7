import RoostCore
import Testing

/// Reading `Decodable` types, and what is said when a value does not fit.
struct JSONDecodeTests {
    private struct Order: Decodable, Equatable {
        struct Item: Decodable, Equatable {
            var name: String
            var count: Int8?
        }
        enum Speed: String, Decodable, CaseIterable { case slow, fast }
        var items: [Item]
        var speed: Speed?
        var note: String?
    }

    private func json(_ text: String) throws -> JSON { try JSONParser.parse(Array(text.utf8)) }

    private func failure<Value: Decodable>(_ text: String, _ type: Value.Type) throws -> APIFailure? {
        let value = try json(text)
        do throws(APIFailure) {
            _ = try value.decode(type)
            return nil
        } catch {
            return error
        }
    }

    @Test func `reads nested types, optionals and enums, and ignores what is not asked for`() throws {
        let text = #"{"items":[{"name":"a","count":10.0},{"name":"b","x":[]}],"speed":"fast","note":null,"y":1}"#
        let order = Order(items: [.init(name: "a", count: 10), .init(name: "b")], speed: .fast)
        #expect(try json(text).decode(Order.self) == order)
    }

    @Test(
        arguments: [
            ("{}", "MISSING_PARAMETER", "Missing required field: items", "items"),
            (#"{"items":[{}]}"#, "MISSING_PARAMETER", "Missing required field: items[0].name", "items[0].name"),
            (#"{"items":null}"#, "INVALID_PARAMETER", "Invalid field 'items': must be an array", "items"),
            (#"{"items":{}}"#, "INVALID_PARAMETER", "Invalid field 'items': must be an array", "items"),
            (#"{"items":[1]}"#, "INVALID_PARAMETER", "Invalid field 'items[0]': must be an object", "items[0]"),
            (
                #"{"items":[{"name":""},{"name":""},{"name":7}]}"#, "INVALID_PARAMETER",
                "Invalid field 'items[2].name': must be a string", "items[2].name"
            ),
            (
                #"{"items":[{"name":null}]}"#, "INVALID_PARAMETER", "Invalid field 'items[0].name': must be a string",
                "items[0].name"
            ),
            (
                #"{"items":[{"name":"","count":128}]}"#, "INVALID_PARAMETER",
                "Invalid field 'items[0].count': must be an integer from -128 to 127", "items[0].count"
            ),
            (
                #"{"items":[{"name":"\ud800"}]}"#, "INVALID_PARAMETER",
                "Invalid field 'items[0].name': must be a string without unpaired surrogates", "items[0].name"
            ),
            (#"{"items":[],"note":1}"#, "INVALID_PARAMETER", "Invalid field 'note': must be a string", "note"),
            (
                #"{"items":[],"speed":"red"}"#, "INVALID_PARAMETER", "Invalid field 'speed': must be one of slow, fast",
                "speed"
            ),
            (#"{"items":[],"speed":1}"#, "INVALID_PARAMETER", "Invalid field 'speed': must be a string", "speed"),
        ])
    func `names the member that does not fit`(text: String, code: String, message: String, parameter: String) throws {
        let failure = try #require(try failure(text, Order.self))
        #expect(failure.code == code)
        #expect(failure.status == .badRequest)
        #expect(failure.message == message)
        #expect(failure.details?["parameter"] == .string(parameter))
    }

    @Test func `lists the values of an enum`() throws {
        #expect(
            try failure(#"{"items":[],"speed":"red"}"#, Order.self)?.details?["allowed"] == ["slow", "fast"])
    }

    @Test func `a value that is wrong as a whole has no path`() throws {
        let failure = try #require(try failure("[]", Order.self))
        #expect(failure.message == "Invalid body: must be an object")
        #expect(failure.details == nil)
    }

    @Test func `integers must fit their width exactly`() throws {
        #expect(try json("[255, 0, 1e2]").decode([UInt8].self) == [255, 0, 100])
        #expect(try json("-32768").decode(Int16.self) == .min)
        #expect(try json("4294967295").decode(UInt32.self) == .max)
        #expect(try json("9223372036854775807").decode(UInt64.self) == 9_223_372_036_854_775_807)
        #expect(try json("-9223372036854775808").decode(Int64.self) == .min)
        for text in ["256", "-1", "1e300"] {
            #expect(try failure(text, UInt8.self)?.message == "Invalid body: must be an integer from 0 to 255")
        }
        for text in ["1.5", "\"1\"", "true", "null"] {
            #expect(try failure(text, UInt8.self)?.message == "Invalid body: must be an integer")
        }
        #expect(try failure("9223372036854775808", Int.self)?.code == "INVALID_PARAMETER")
        #expect(try failure("-1", UInt.self)?.code == "INVALID_PARAMETER")
    }

    @Test func `numbers, booleans and strings are not converted into each other`() throws {
        #expect(try json("[1, 1.5]").decode([Double].self) == [1, 1.5])
        #expect(try json("0.1").decode(Float.self) == 0.1)
        #expect(try json("true").decode(Bool.self))
        #expect(try failure("0", Bool.self)?.message == "Invalid body: must be a boolean")
        #expect(try failure("\"1\"", Double.self)?.message == "Invalid body: must be a number")
        #expect(try failure("1e39", Float.self)?.message == "Invalid body: must be a number that fits 32 bits")
        #expect(try failure("1", String.self)?.message == "Invalid body: must be a string")
    }

    @Test func `null is nil where nil is possible`() throws {
        #expect(try json("[1,null]").decode([Int?].self) == [1, nil])
        #expect(try json(#"{"a":null,"b":2}"#).decode([String: Int?].self) == ["a": nil, "b": 2])
        #expect(try json("null").decode(Int?.self) == nil)
    }

    @Test func `the last of repeated members counts, in small objects and in large ones`() throws {
        let small = #""a":1,"b":2,"a":3"#
        #expect(try json("{\(small)}").decode([String: Int].self) == ["a": 3, "b": 2])
        let many = (0..<50).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(try json("{\(small),\(many)}").decode([String: Int].self)["a"] == 3)
    }

    @Test func `names are found by their bytes`() throws {
        struct Accent: Decodable {
            var value: Int
            enum CodingKeys: String, CodingKey { case value = "\u{E9}" }
        }
        let many = (0..<50).map { "\"k\($0)\":0" }.joined(separator: ",")
        for rest in [#""z":0"#, many] {
            #expect(try json("{\"e\u{301}\":1,\"\u{E9}\":2,\"e\u{301}\":3,\(rest)}").decode(Accent.self).value == 2)
        }
    }

    @Test func `any JSON can be a member`() throws {
        struct Extra: Decodable {
            var any: JSON
            var maybe: JSON?
        }
        let extra = try json(#"{"any":{"b":[1,"x",null],"a":1.5}}"#).decode(Extra.self)
        #expect(extra.any == ["b": [1, "x", nil], "a": 1.5])
        #expect(extra.maybe == nil)
    }

    @Test func `text inside a value is read when it is asked for`() throws {
        let text = try JSONText(validating: Array(#"{"name":"a"}"#.utf8))
        let value: JSON = ["items": [.text(text)]]
        #expect(try value.decode(Order.self) == Order(items: [.init(name: "a")]))
    }

    @Test func `containers within containers, positions and super decoders`() throws {
        class Base: Decodable {
            var id: Int
            required init(from decoder: any Decoder) throws {
                id = try decoder.singleValueContainer().decode(Int.self)
            }
        }
        final class Derived: Base {
            var pairs: [(Int, String)] = []
            var inner = ""
            enum Keys: String, CodingKey { case pairs, nested, inner }
            required init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Keys.self)
                var list = try container.nestedUnkeyedContainer(forKey: .pairs)
                while !list.isAtEnd {
                    if try list.decodeNil() { continue }
                    var pair = try list.nestedUnkeyedContainer()
                    pairs.append((try pair.decode(Int.self), try pair.decode(String.self)))
                    #expect(pair.isAtEnd && pair.count == 2)
                }
                let nested = try container.nestedContainer(keyedBy: Keys.self, forKey: .nested)
                #expect(nested.codingPath.map(\.stringValue) == ["nested"])
                inner = try nested.decode(String.self, forKey: .inner)
                try super.init(from: try container.superDecoder())
            }
        }
        let value = try json(#"{"super":5,"pairs":[[1,"a"],null,[2,"b"]],"nested":{"inner":"x"}}"#).decode(Derived.self)
        #expect(value.id == 5)
        #expect(value.inner == "x")
        #expect(value.pairs.map(\.0) == [1, 2])
        #expect(
            try failure(#"{"super":5,"pairs":[[1]],"nested":{"inner":"x"}}"#, Derived.self)?.message
                == "Invalid field 'pairs[0][1]': the array ends before it")
        #expect(try failure(#"{"pairs":[],"nested":{"inner":"x"}}"#, Derived.self)?.message == "Invalid field 'super': must be an integer")
    }

    @Test func `an element that could not be read can be read as something else`() throws {
        struct Either: Decodable {
            var text: String
            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                let first = (try? list.decode(Int.self)).map(String.init)
                text = try first ?? list.decode(String.self)
            }
        }
        #expect(try json(#"["x"]"#).decode(Either.self).text == "x")
        #expect(try json("[1]").decode(Either.self).text == "1")
    }

    @Test func `errors of the type's own keep their code or their text`() throws {
        struct Own: Decodable {
            init(from decoder: any Decoder) throws { throw APIError.jobConflict }
        }
        struct Even: Decodable {
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                guard try container.decode(Int.self) % 2 == 0 else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be even")
                }
            }
        }
        struct Other: Decodable {
            struct Secret: Error {}
            init(from decoder: any Decoder) throws { throw Secret() }
        }
        #expect(try failure("{}", Own.self)?.code == "JOB_CONFLICT")
        #expect(try failure(#"{"n":3}"#, [String: Even].self)?.message == "Invalid field 'n': must be even")
        #expect(try failure("{}", Other.self)?.message == "Invalid body")
    }

    @Test func `a long name is cut in the message`() throws {
        let name = String(repeating: "x", count: 100_000)
        let failure = try #require(try failure("{\"\(name)\":\"\"}", [String: Int].self))
        #expect(failure.message.utf8.count < 300)
    }

    @Test func `a large object is read in time proportional to its size`() throws {
        let members = (0..<50_000).map { (name: "k\($0)", value: JSON.int($0)) }
        let object = JSON.object(JSONObject(members: members))
        let start = ContinuousClock.now
        #expect(try object.decode([String: Int].self).count == 50_000)
        let time = start.duration(to: .now)
        #expect(time < .seconds(20))
    }
}
