/// The two Python clients of the reference document, to the letter, and the little that is needed to run them.
enum PrintedClient {
    static let discovery = #"""
        import json
        import os
        import requests

        def discover_server(project_dir: str) -> dict | None:
            """Discover UnrealPythonREST server for a project."""
            config_path = os.path.join(project_dir, "Saved", "UnrealPythonREST.json")

            if not os.path.exists(config_path):
                return None

            with open(config_path, "r") as f:
                config = json.load(f)

            # Verify server is healthy
            try:
                response = requests.get(
                    f"http://localhost:{config['port']}/api/v1/health",
                    timeout=5
                )
                if response.status_code == 200:
                    return config
            except requests.RequestException:
                pass

            return None

        """#

    static let execution = #"""
        import requests

        def execute_python(port: int, code: str) -> dict:
            """Execute Python code with error handling."""
            try:
                response = requests.post(
                    f"http://localhost:{port}/api/v1/python/execute",
                    json={"code": code, "timeout": 30},
                    timeout=35  # Slightly longer than execution timeout
                )

                data = response.json()

                if not data["success"]:
                    error = data["error"]
                    if error["code"] == "PYTHON_SYNTAX_ERROR":
                        print(f"Syntax error: {error['message']}")
                    elif error["code"] == "PYTHON_RUNTIME_ERROR":
                        print(f"Runtime error: {error['message']}")
                        print(f"Traceback:\n{error.get('traceback', '')}")
                    elif error["code"] == "TIMEOUT":
                        print("Execution timed out")
                    else:
                        print(f"Error [{error['code']}]: {error['message']}")
                    return None

                return data

            except requests.Timeout:
                print("Request timed out")
                return None
            except requests.ConnectionError:
                print("Cannot connect to server")
                return None
            except requests.JSONDecodeError:
                print("Invalid response from server")
                return None

        """#

    /// Not printed: how the two are used here.
    static let use = #"""
        import sys
        config = discover_server(sys.argv[1])
        print(config["project"], config["port"])
        print(discover_server("/nowhere"))
        print(execute_python(config["port"], "print('hi')")["output"])
        print(execute_python(config["port"], "1/0"))
        print(execute_python(config["port"], "x = = 1"))
        import io, contextlib
        with contextlib.redirect_stdout(io.StringIO()) as said:
            execute_python(config["port"], "")
        print(said.getvalue().split(":")[0])

        """#

    /// The few names of the `requests` package that the clients use, over the standard library.
    static let requests = #"""
        import json as _json, urllib.request, urllib.error

        class RequestException(Exception): pass
        class Timeout(RequestException): pass
        class ConnectionError(RequestException): pass
        JSONDecodeError = _json.JSONDecodeError

        class _Response:
            def __init__(self, status, body): self.status_code, self._body = status, body
            def json(self): return _json.loads(self._body)

        def _send(request, timeout):
            try:
                with urllib.request.urlopen(request, timeout=timeout) as answer:
                    return _Response(answer.status, answer.read())
            except urllib.error.HTTPError as error:
                return _Response(error.code, error.read())
            except OSError as error:
                raise ConnectionError(error)

        def get(url, timeout): return _send(urllib.request.Request(url), timeout)

        def post(url, json, timeout):
            body = _json.dumps(json).encode()
            return _send(urllib.request.Request(url, body, {"Content-Type": "application/json"}), timeout)
        """#
}
