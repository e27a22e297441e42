"""A node, as the scripts beside this one have it: its command, its start, a line to its local socket. The
program is their first argument, or the one that was built for release."""

import json
import pathlib
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
KITH = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/kith").resolve()
# Seconds after which a node that does not answer never will.
PATIENCE = 60


def kith(home, *args, **more):
    line = [KITH, "--home", home, "--lang", "en", *args]
    return subprocess.run(line, check=True, capture_output=True, text=True, **more).stdout


def start(home):
    """The running node, once its socket answers."""
    node = subprocess.Popen([KITH, "--home", home, "daemon", "--foreground"], stdin=subprocess.DEVNULL)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            Line(home).ask("hello")
            return node
        except (OSError, ValueError):
            time.sleep(0.001)
    raise SystemExit("the node does not answer")


class Line:
    """A line to a node's local socket."""

    def __init__(self, home):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(home / "run/node.sock"))
        self.lines = self.socket.makefile("r")

    def ask(self, method, **params):
        question = {"jsonrpc": "2.0", "id": 1, "method": method}
        if params:
            question["params"] = params
        self.socket.sendall(json.dumps(question).encode() + b"\n")
        answer = json.loads(self.lines.readline())
        if "error" in answer:
            raise SystemExit(answer["error"])
        return answer["result"]

    def event(self, wanted):
        while True:
            event = json.loads(self.lines.readline())["params"]
            if event["type"] == wanted:
                return
