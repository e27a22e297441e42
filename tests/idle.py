#!/usr/bin/env python3
"""What an idle node with three friends costs: memory, processor, wake-ups; how soon it answers.

    cargo build --release && tests/idle.py [target/release/kith [seconds]]

Four nodes on loopback in a temporary directory, without passphrases, so that no time goes into
argon2id. Linux only: reads /proc.
"""

import os
import pathlib
import sys
import tempfile
import time

from node import KITH, kith, start

SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 60


def started(home):
    """The running node, and the seconds until its socket answered."""
    began = time.monotonic()
    return start(home), time.monotonic() - began


def status(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines)


def spent(pid):
    """Processor seconds, and voluntary context switches of all threads."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return seconds, sum(int(status(f"{pid}/task/{t.name}")["voluntary_ctxt_switches"]) for t in tasks)


def main():
    print(f"binary              {KITH.stat().st_size / 2**20:.1f} MiB")
    with tempfile.TemporaryDirectory() as there:
        homes = [pathlib.Path(there) / name for name in ("anne", "zoe", "lise", "nadia")]
        nodes = []
        try:
            for port, home in enumerate(homes, 26001):
                home.mkdir()
                (home / "config.toml").write_text(f'[net]\nlisten = ["127.0.0.1:{port}"]\n')
                kith(home, "init", "--no-passphrase")
                nodes.append(start(home))
            for home in homes[1:]:
                code = kith(homes[0], "invite", "--as", home.name)
                kith(home, "accept", "--as", "anne", input=code)
                kith(home, "send", "anne", "salut", "--wait")
            nodes[0].kill()
            nodes[0].wait()
            ready = []
            for _ in range(10):
                node, seconds = start(homes[0])
                ready.append(seconds)
                node.kill()
                node.wait()
            nodes[0], _ = start(homes[0])
            ready.sort()
            print(f"start to answer     {ready[5] * 1000:.0f} ms (median of 10; worst {ready[-1] * 1000:.0f})")
            while '"online":3' not in kith(homes[0], "status", "--json"):
                time.sleep(0.1)
            # What the start itself cost is over.
            time.sleep(5)
            pid = nodes[0].pid
            before = spent(pid)
            time.sleep(SECONDS)
            after = spent(pid)
            minutes = SECONDS / 60
            about = status(pid)
            print(f"idle, 3 friends     {int(about['VmRSS'].split()[0]) / 1024:.1f} MiB resident"
                  f" (peak {int(about['VmHWM'].split()[0]) / 1024:.1f}), {about['Threads']} threads")
            print(f"                    {(after[0] - before[0]) / minutes * 1000:.0f} ms of processor a minute,"
                  f" {(after[1] - before[1]) / minutes:.0f} wake-ups a minute")
        finally:
            for node in nodes:
                node.kill()
                node.wait()


main()
