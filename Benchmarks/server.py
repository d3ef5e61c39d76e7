"""Starts and stops a server under measurement; used by the other scripts here."""

import re
import socket
import subprocess
import sys


def free_port():
    """A port that was free a moment ago, for a server that cannot say which it took."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def end(process):
    """Asks a process to end, and kills it when it has not after 15 s."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Server:
    """A running server that said its port on its first line of output."""

    def __init__(self, name, command, stderr=None):
        self.name = name
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stderr, stdin=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)/", line) or re.search(r"^(\d+)$", line)
        if not found:
            self.process.kill()
            sys.exit(f"bench: {name} did not start: {line!r}")
        self.port = int(found.group(1))

    @staticmethod
    def roost(binary, project, *options):
        return Server("roost", [binary, "serve", "--port", "0", "--project", project, "--log-level", "error", *options])

    @staticmethod
    def roost_logging(binary, project):
        """As it runs when nothing else is asked for: a line of log for each request, which goes nowhere."""
        return Server(
            "roost+log", [binary, "serve", "--port", "0", "--project", project], stderr=subprocess.DEVNULL)

    def stop(self):
        end(self.process)
