import RoostCore
import Testing

@Suite(.server()) struct `A body of an execution` {
    private func send(_ text: String) async throws -> HTTPAnswer {
        try await server.post(ServerProcess.execute, text: text)
    }

    @Test(arguments: ["{}", #"{"timeout":0}"#, #"{"Code":"1"}"#])
    func `without code is refused`(body: String) async throws {
        let answer = try await send(body)
        expectFailure(answer, 400, "MISSING_CODE")
        #expect(answer["job_id"] == nil, "validation makes no job")
    }

    @Test(arguments: ["null", "1", "true", #""""#, "[]", "{}"])
    func `whose code is no text is refused`(value: String) async throws {
        let answer = try await send("{\"code\":\(value)}")
        expectFailure(answer, 400, "INVALID_CODE")
        #expect(answer["job_id"] == nil)
    }

    @Test(arguments: ["0", "0.5", "0.999", "301", "300.001", "-1", "true", "false", #""30""#, "[]", "{}", "1e5", "1e400"])
    func `whose timeout is out of range is refused`(value: String) async throws {
        let answer = try await send("{\"code\":\"1\",\"timeout\":\(value)}")
        expectFailure(answer, 400, "INVALID_TIMEOUT")
        #expect(answer["job_id"] == nil)
    }

    @Test(arguments: [("1", 1), ("1.5", 1.5), ("300", 300), ("3e1", 30), ("null", 30)])
    func `may have any timeout from 1 to 300`(value: String, seconds: Double) async throws {
        let answer = try await send("{\"code\":\"1\",\"timeout\":\(value)}")
        expectSuccess(answer)
        let job = try await server.job(#require(answer["job_id"]?.string))
        #expect(job["timeout"]?.double == seconds)
    }

    @Test(arguments: [
        "", " ", "[]", "[1]", "null", "1", "\"code\"", "{", #"{"code":"1",}"#, #"{"code":NaN}"#, #"{"code":"1"} x"#,
        #"{'code':'1'}"#, #"{"code":"1" "timeout":2}"#, #"{"code":"a"# + "\n" + #"b"}"#, #"{"code":"1","timeout":01}"#,
        #"{"code":"1","timeout":+1}"#, #"{"code":"\x41"}"#, "{\"code\":\"1\"}\u{0}", #"{code:"1"}"#, "/**/{}",
    ])
    func `that is no JSON object is refused`(body: String) async throws {
        let answer = try await send(body)
        expectFailure(answer, 400, "INVALID_JSON")
        #expect(answer["job_id"] == nil)
    }

    @Test(
        arguments: [
            [0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc0, 0xaf], [0xe2, 0x82],
        ] as [[UInt8]])
    func `that is no UTF-8 is refused`(bytes: [UInt8]) async throws {
        let body = Array(#"{"code":"print('"#.utf8) + bytes + Array(#"')"}"#.utf8)
        let answer = try await server.request(
            "POST", ServerProcess.execute, fields: [("Content-Type", "application/json")], body: body)
        expectFailure(answer, 400, "INVALID_JSON")
    }

    @Test func `may be 128 levels deep and no deeper`() async throws {
        func nested(_ levels: Int) -> String {
            "{\"code\":\"1\",\"x\":" + String(repeating: "[", count: levels - 1)
                + String(repeating: "]", count: levels - 1) + "}"
        }
        expectSuccess(try await send(nested(128)))
        expectFailure(try await send(nested(129)), 400, "INVALID_JSON")
        expectFailure(try await send(String(repeating: "[", count: 100_000)), 400, "INVALID_JSON")
        expectFailure(
            try await send(String(repeating: "{\"a\":", count: 100_000)), 400, "INVALID_JSON")
    }

    @Test func `may begin with a byte order mark`() async throws {
        let answer = try await send("\u{FEFF}{\"code\":\"print('bom')\"}")
        expectSuccess(answer)
        #expect(answer["output"] == "bom")
    }

    @Test func `counts the last of duplicate names`() async throws {
        #expect(try await send(#"{"code":"print(1)","code":"print(2)"}"#)["output"] == "2")
        expectFailure(try await send(#"{"code":"print(1)","code":null}"#), 400, "INVALID_CODE")
        expectSuccess(try await send(#"{"code":null,"code":"1"}"#))
        expectSuccess(try await send(#"{"code":"1","timeout":0,"timeout":5}"#))
    }

    @Test func `may have fields nobody knows`() async throws {
        expectSuccess(try await send(#"{"code":"1","language":"python","x":{"y":[1]}}"#))
    }

    @Test func `may escape and pair surrogates`() async throws {
        let answer = try await send(#"{"code":"print('\ud83d\udc13 \u00e9')"}"#)
        #expect(answer["output"] == "🐓 é")
    }

    @Test(arguments: ["   ", "\\n", "# only a comment", "\\t# x\\n", "pass"])
    func `may hold code that does nothing`(code: String) async throws {
        let answer = try await send("{\"code\":\"\(code)\"}")
        expectSuccess(answer)
        #expect(answer["output"] == "")
        #expect(answer["result"] == .null)
    }

    @Test(arguments: [#"{"code":"1","async":1}"#, #"{"code":"1","async":"true"}"#])
    func `needs a boolean for async`(body: String) async throws {
        expectFailure(try await send(body), 400, "INVALID_PARAMETER")
    }

    @Test(arguments: [#""abc""#, #""g1b2c3d4-e5f6-7890-abcd-ef1234567890""#, #""""#])
    func `needs a UUID for job_id`(value: String) async throws {
        expectFailure(try await send("{\"code\":\"1\",\"job_id\":\(value)}"), 400, "INVALID_JOB_ID")
    }

    @Test func `is checked in the order declared`() async throws {
        expectFailure(try await send(#"{"timeout":0}"#), 400, "MISSING_CODE")
        expectFailure(try await send(#"{"code":1,"timeout":0}"#), 400, "INVALID_CODE")
        expectFailure(try await send(#"{"code":"1","timeout":0,"job_id":"x"}"#), 400, "INVALID_TIMEOUT")
    }

    @Test func `leaves no job behind when refused`() async throws {
        try await withServer { server in
            for body in ["{}", "{", #"{"code":""}"#, #"{"code":"1","timeout":0}"#] {
                let answer = try await server.post(ServerProcess.execute, text: body)
                #expect(answer.status == 400)
            }
            let list = try await server.get("/api/v1/python/jobs")
            #expect(list["total"] == 0)
        }
    }
}
