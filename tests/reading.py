#!/usr/bin/env python3
"""How long one waits before a long conversation and a long list.

    cargo build --release && tests/reading.py [target/release/kith [messages [contacts]]]

Two nodes on loopback; the first says all the messages and keeps what was said, then reads on the full screen
of a terminal of 24 rows: opened, a page up, the oldest line found, a page down, all of it twice. Then friends
come, one node after the other, and are listed. Each figure is the best and the worst of five, from the start
of the program or the key to the first byte drawn of what was waited for. Linux only: a pseudo terminal.
"""

import fcntl
import os
import pathlib
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time

from node import KITH, Line, kith, start

MESSAGES = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
CONTACTS = int(sys.argv[3]) if len(sys.argv) > 3 else 200
TURNS = 5
# Nothing more is drawn once the screen was still for so long.
STILL = 0.3
# Only cells that change are written: letters that stand nowhere else come in one piece.
FIRST, FIRST_SAYS, LAST = "glacé", "ΞΨΩΔΦ", "ΩΔΨΞΛ"


def make(home, port, more=""):
    home.mkdir()
    settings = f'[net]\nlisten = ["127.0.0.1:{port}"]\nbeacons = false\n{more}'
    (home / "config.toml").write_text(settings)
    kith(home, "--quiet", "init", "--no-passphrase")
    return start(home)


class Screen:
    """The program on the full screen of a terminal."""

    def __init__(self, home, *args):
        self.began = time.monotonic()
        pid, self.keys = pty.fork()
        if pid == 0:
            os.environ["TERM"] = "xterm"
            # The parent says how large it is; until then it has no size at all.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execv(KITH, [str(KITH), "--home", str(home), "--lang", "en", *args])
        self.pid = pid

    def settle(self, what):
        """Seconds until this was drawn; returns once nothing moves any more."""
        drawn, seen = b"", None
        while select.select([self.keys], [], [], STILL if seen else 30)[0]:
            drawn += os.read(self.keys, 65536)
            if what.encode() in drawn:
                seen = seen or time.monotonic()
        if not seen:
            raise SystemExit(f"never drawn: {what}")
        return seen - self.began

    def press(self, keys, what):
        self.began = time.monotonic()
        os.write(self.keys, keys.encode())
        return self.settle(what)

    def leave(self):
        os.kill(self.pid, signal.SIGTERM)
        try:
            while os.read(self.keys, 65536):
                pass
        except OSError:
            pass
        os.waitpid(self.pid, 0)
        os.close(self.keys)


def show(what, seconds):
    worst, best = max(seconds) * 1000, min(seconds) * 1000
    print(f"{what:<44}{best:7.0f} to {worst:.0f} ms", flush=True)


def talk(here, there):
    """Says it all, and waits until it arrived."""
    says, reads = Line(here), Line(there)
    count = 0
    for number in range(MESSAGES):
        text = f"ligne {number:05} : on se retrouve au local, comme prévu, avec le café"
        text = f"{FIRST} {FIRST_SAYS}" if number == 0 else LAST if number == MESSAGES - 1 else text
        says.ask("send", to="zoé", text=text)
        # An outbox has its bound.
        while count <= number - 500 or (number == MESSAGES - 1 and count <= number):
            messages = reads.ask("inbox", max=50)["messages"]
            if messages:
                count += len(messages)
                reads.ask("inbox.ack", up_to=messages[-1]["seq"])
            else:
                time.sleep(0.02)
    time.sleep(2)


def read(here):
    opened, up, found, down = [], [], [], []
    for _ in range(TURNS):
        screen = Screen(here, "chat", "zoé")
        opened.append(screen.settle(LAST))
        up.append(screen.press("\x1b[5~", "\x1b["))
        screen.press("\x06", "/find")
        found.append(screen.press(FIRST + "\r", FIRST_SAYS))
        down.append(screen.press("\x1b[6~", "\x1b["))
        screen.leave()
    show(f"{MESSAGES} messages, opened", opened)
    show("a page up", up)
    show("the oldest of them found", found)
    show("a page down from there", down)


def befriend(home, there, number):
    friend = make(there, 20_000 + number)
    code = kith(there, "--quiet", "invite", "--as", "anne")
    kith(home, "--quiet", "accept", "--as", f"ami{number}", input=code)
    end(friend)


def end(node):
    node.terminate()
    node.wait()


def measure(place, nodes):
    here, there = place / "here", place / "there"
    for home, port, more in [(here, 19_001, '[messages]\nkeep = "7d"\n'), (there, 19_002, "")]:
        nodes.append(make(home, port, more))
    code = kith(here, "--quiet", "invite", "--as", "zoé")
    kith(there, "--quiet", "accept", "--as", "anne", input=code)
    if MESSAGES:
        talk(here, there)
        read(here)
    for number in range(CONTACTS - 1):
        befriend(here, place / f"friend{number}", number)
    listed = []
    for _ in range(TURNS):
        began = time.monotonic()
        rows = kith(here, "contact", "list").splitlines()
        listed.append(time.monotonic() - began)
    show(f"{len(rows) - 1} contacts, listed", listed)


def main():
    nodes = []
    with tempfile.TemporaryDirectory() as place:
        try:
            measure(pathlib.Path(place), nodes)
        finally:
            for node in nodes:
                end(node)


main()
