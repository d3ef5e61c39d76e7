"""Posts one body again and again with wrk; used by the other scripts here."""

import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def wrk(port, path, body, connections, seconds, refuses=False):
    """One run: requests a second, p50 and p99 in microseconds. `%d` in the body is the connection's number."""
    run = subprocess.run(
        ["wrk", f"-t{connections}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s",
         os.path.join(HERE, "execute.lua"), f"http://127.0.0.1:{port}", "--", path, body],
        capture_output=True, text=True, check=False)
    line = re.search(r"^FIGURES (.*)$", run.stdout, re.MULTILINE)
    if not line:
        sys.exit(f"bench: wrk failed: {run.stdout}{run.stderr}")
    figures = json.loads(line.group(1))
    wrong = figures["failures"] + (0 if refuses else figures["refused"])
    if wrong or not figures["requests"]:
        sys.exit(f"bench: {wrong} of {figures['requests']} requests failed")
    figures["rate"] = figures["requests"] / figures["microseconds"] * 1e6
    return figures
