"""Installs and starts Jupyter Kernel Gateway as a peer of execute.py."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time

from server import end, free_port

PACKAGES = ["jupyter-kernel-gateway", "ipykernel"]


class KernelGateway:
    """In the mode in which a request runs a cell of a notebook, which is the nearest to one request for one execution.

    The kernels are started before and stay, so it compares with sessions.
    """

    PATH = "/run"

    @staticmethod
    def start(folder, code, kernels):
        """None, with a line that says why, where it cannot be installed."""
        environment = os.path.join(os.path.abspath(folder), "kernel-gateway")
        program = os.path.join(environment, "bin", "jupyter-kernelgateway")
        if not os.path.exists(program):
            print("bench: installing Jupyter Kernel Gateway", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", environment], check=True)
            install = subprocess.run(
                [os.path.join(environment, "bin", "python"), "-m", "pip", "install", "--quiet", *PACKAGES],
                capture_output=True, text=True, check=False)
            if install.returncode != 0 or not os.path.exists(program):
                last = (install.stderr.strip().splitlines() or ["no message"])[-1]
                print(f"kernel gateway        skipped: pip cannot install it ({last})")
                return None
        return KernelGateway(program, code, kernels)

    def __init__(self, program, code, kernels):
        self._folder = tempfile.TemporaryDirectory()
        notebook = os.path.join(self._folder.name, "cells.ipynb")
        cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [],
                "source": f"# POST {self.PATH}\n{code}"}
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        with open(notebook, "w", encoding="utf-8") as file:
            json.dump({"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 2}, file)
        self.port = free_port()
        self.process = subprocess.Popen(
            [program, "--KernelGatewayApp.api=kernel_gateway.notebook_http", f"--KernelGatewayApp.seed_uri={notebook}",
             "--KernelGatewayApp.ip=127.0.0.1", f"--KernelGatewayApp.port={self.port}",
             f"--KernelGatewayApp.prespawn_count={kernels}", "--KernelGatewayApp.log_level=ERROR"],
            cwd=self._folder.name, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > end or self.process.poll() is not None:
                self.stop()
                sys.exit("bench: Jupyter Kernel Gateway did not start")
            time.sleep(0.2)

    def _answers(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            connection.request("POST", self.PATH, "{}", {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status == 200 and response.read().strip() == b"hello"
        except OSError:
            return False

    def stop(self):
        end(self.process)
        self._folder.cleanup()
