/// A client of `/v1/code/execute/python`, written from the three documents alone.
enum CodeClient {
    static let source = #"""
        import json, sys, urllib.error, urllib.request

        base, key = sys.argv[1:]

        def call(body, header=("x-api-key", key)):
            request = urllib.request.Request(
                base + "/v1/code/execute/python", json.dumps(body).encode(),
                {"Content-Type": "application/json", header[0]: header[1]}, method="POST")
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as error:
                return error.code, json.load(error)

        def check(value, expected):
            assert value == expected, "%r is not %r" % (value, expected)

        TYPES = {
            "code": int, "id": str, "job_id": str, "response": dict, "message": str, "pid": int, "queue_id": int,
            "run_time": (int, float), "queue_time": (int, float), "total_time": (int, float), "queue_length": int,
            "build_number": str, "endpoint": str,
        }

        # 3. Request and 4. Success Response, in both editions, with either header
        for header in (("x-api-key", key), ("Authorization", "Bearer " + key)):
            status, answer = call({"code": "print('Hola Mundo')", "timeout": 10, "id": "peticion-unica-123"}, header)
            check(status, 200)
            for name, kind in TYPES.items():
                assert isinstance(answer[name], kind), name
            check(answer["endpoint"], "/v1/code/execute/python")
            check(answer["code"], 200)
            check(answer["id"], "peticion-unica-123")
            check(answer["message"], "success")
            for place in (answer, answer["response"]):
                check([place[n] for n in ("result", "stdout", "stderr", "exit_code")], [None, "Hola Mundo\n", "", 0])
            assert answer["total_time"] >= answer["run_time"] >= 0

        # "The return value of the executed code is included in the response"
        status, answer = call({"code": "def area(r):\n    return r * r\nreturn {'area': area(3)}"})
        check((status, answer["response"]["result"], answer["result"]), (200, {"area": 9}, {"area": 9}))

        # Syntax errors or exceptions: 400, "with the error message and traceback included"
        for code, text in (("1/0", "division by zero"), ("def f(:", "SyntaxError")):
            status, answer = call({"code": "print('before')\n" + code if code == "1/0" else code})
            check(status, 400)
            assert text in answer["error"] and "traceback" in answer, answer
            check(answer["exit_code"], 1)
            check(answer["stdout"], "before\n" if code == "1/0" else "")

        # Execution timeout: 408
        status, answer = call({"code": "while True: pass", "timeout": 1})
        check((status, answer["error"]), (408, "Execution timed out after 1 seconds"))

        # The JSON schema: required, types, bounds, additionalProperties false
        for body in ({}, {"code": 5}, {"code": "1", "timeout": 0}, {"code": "1", "timeout": 301},
                     {"code": "1", "timeout": "10"}, {"code": "1", "webhook_url": "no uri"}, {"code": "1", "id": 5},
                     {"code": "1", "more": 1}):
            status, answer = call(body)
            check(status, 400)
            assert answer["error"].startswith("Missing or invalid parameters"), answer
            check((answer["stdout"], answer["exit_code"]), ("", 400))

        # Internal server error: 500, with what was captured
        status, answer = call({"code": "print('...', flush=True)\nimport os\nos.abort()"})
        check((status, answer["stdout"]), (500, "...\n"))
        assert isinstance(answer["error"], str) and isinstance(answer["exit_code"], int) and "stderr" in answer

        print("all as documented")
        """#
}
