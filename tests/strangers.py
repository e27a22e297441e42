#!/usr/bin/env python3
"""What strangers at the door cost: memory, and the time of friends.

    tests/strangers.py [target/release/kith [strangers [messages]]]

Two friends talk on loopback, one message at a time, and one of their nodes is started anew; by turns
alone, and while 10,000 strangers come to hold connections half open at the other: some silent, some with
half a flight, some with a whole one of noise. By turns, because whatever else this machine does then
weighs on both. Linux only: reads /proc, and strangers come from all over 127.0.0.0/8.
"""

import os
import pathlib
import resource
import selectors
import socket
import statistics
import sys
import tempfile
import threading
import time

from node import Line, kith, start

STRANGERS = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
MESSAGES = int(sys.argv[3]) if len(sys.argv) > 3 else 100
ROUNDS = 5
PORT = 26201
# Strangers who come in a second: the one processor they share with both nodes shall not be theirs.
EACH_SECOND = 1000


def stop(node):
    node.kill()
    node.wait()


def memory(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    peak = dict(line.split(":\t", 1) for line in lines)["VmHWM"]
    return int(peak.split()[0]) / 1024


def deliveries(friend, events):
    """The milliseconds from each message's first byte to the other side's event."""
    line = Line(friend)
    took = []
    for _ in range(MESSAGES):
        began = time.monotonic()
        line.ask("send", to="zoe", text="salut")
        events.event("message")
        took.append((time.monotonic() - began) * 1000)
    return took


def told(name, took):
    took = sorted(took)
    print(f"{name:28}p50 {statistics.median(took):6.1f} ms, p99 {took[int(len(took) * 0.99) - 1]:6.1f} ms")


class Crowd(threading.Thread):
    """Strangers, for as long as it is wanted."""

    def __init__(self):
        super().__init__(daemon=True)
        self.wanted, self.here = True, False
        self.came = self.heard = self.open = 0

    def knock(self, all_open):
        stranger = socket.socket()
        stranger.setblocking(False)
        number = self.came
        stranger.bind((f"127.{1 + number // 62500 % 250}.{1 + number // 250 % 250}.{1 + number % 250}", 0))
        stranger.connect_ex(("127.0.0.1", PORT))
        self.came += 1
        says = [b"", os.urandom(39), os.urandom(40), os.urandom(512)][number % 4]
        all_open.register(stranger, selectors.EVENT_READ | (selectors.EVENT_WRITE if says else 0), says)

    def run(self):
        all_open, due, last = selectors.DefaultSelector(), 0.0, time.monotonic()
        while self.wanted:
            now = time.monotonic()
            due, last = (due + (now - last) * EACH_SECOND if self.here else 0.0), now
            while due >= 1 and len(all_open.get_map()) < STRANGERS:
                due -= 1
                self.knock(all_open)
            if not self.here:
                for key in list(all_open.get_map().values()):
                    all_open.unregister(key.fileobj)
                    key.fileobj.close()
            self.open = max(self.open, len(all_open.get_map()))
            for key, what in all_open.select(0.01):
                over = False
                if what & selectors.EVENT_READ:
                    try:
                        heard = key.fileobj.recv(4096)
                        self.heard += len(heard)
                        over = not heard
                    except OSError:
                        over = True
                elif what & selectors.EVENT_WRITE:
                    try:
                        key.fileobj.send(key.data)
                        all_open.modify(key.fileobj, selectors.EVENT_READ, b"")
                    except OSError:
                        over = True
                if over:
                    all_open.unregister(key.fileobj)
                    key.fileobj.close()


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (STRANGERS + 100, STRANGERS + 100))
    with tempfile.TemporaryDirectory() as there:
        zoe, anne = (pathlib.Path(there) / name for name in ("zoe", "anne"))
        for port, home in ((PORT, zoe), (PORT + 1, anne)):
            home.mkdir()
            (home / "config.toml").write_text(f'[net]\nlisten = ["127.0.0.1:{port}"]\nbeacons = false\n')
            kith(home, "init", "--no-passphrase")
        # As a person's system starts it: with the system's usual share of files.
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, STRANGERS + 100))
        nodes = [start(zoe), start(anne)]
        resource.setrlimit(resource.RLIMIT_NOFILE, (STRANGERS + 100, STRANGERS + 100))
        try:
            code = kith(zoe, "invite", "--as", "anne")
            kith(anne, "accept", "--as", "zoe", input=code)
            kith(anne, "send", "zoe", "salut", "--wait")
            events = Line(zoe)
            events.ask("subscribe")
            deliveries(anne, events)
            crowd = Crowd()
            crowd.start()
            took, back = {False: [], True: []}, {False: [], True: []}
            for _ in range(ROUNDS):
                for crowd.here in (False, True):
                    before = crowd.came
                    while crowd.here and crowd.came < before + STRANGERS // ROUNDS:
                        time.sleep(0.01)
                    took[crowd.here] += deliveries(anne, events)
                    for _ in range(2):
                        stop(nodes[1])
                        events.event("offline")
                        began = time.monotonic()
                        nodes[1] = start(anne)
                        events.event("online")
                        back[crowd.here].append((time.monotonic() - began) * 1000)
            for here, name in ((False, "alone"), (True, "in the crowd")):
                told(f"deliveries, {name}", took[here])
                told(f"start to link, {name}", back[here])
            crowd.wanted = False
            crowd.join()
            print(f"strangers                   {crowd.came} came, {crowd.open} at once, heard {crowd.heard} bytes")
            print(f"memory, in the crowd        {memory(nodes[0].pid):.1f} MiB at most")
        finally:
            for node in nodes:
                stop(node)


main()
