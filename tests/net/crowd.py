#!/usr/bin/env python3
"""What a node costs that has nothing to do: without friends, with a hundred who are online, with a
hundred who are not.

    tests/net/crowd.py [target/release/kith [friends]]

The node lives in a network namespace with one cable; what it sends and gets is what the cable counts. Its
friends are at the other end of it, a node each, and go silently: from then on their machine answers
nothing, not even that nobody is there. Needs root and Linux network namespaces; says so, and ends with 0,
where they are missing. About eight minutes.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KITH = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/kith").resolve()
FRIENDS = int(sys.argv[2]) if len(sys.argv) > 2 else 100
HERE, THERE = f"kith-here-{os.getpid()}", f"kith-there-{os.getpid()}"


def run(*line, **more):
    return subprocess.run([str(word) for word in line], check=True, capture_output=True, text=True, **more).stdout


def kith(space, home, *args, **more):
    return run("ip", "netns", "exec", space, KITH, "--home", home, "--lang", "en", *args, **more)


def make(space, home, port):
    home.mkdir()
    (home / "config.toml").write_text(f'[net]\nlisten = ["0.0.0.0:{port}"]\n')
    kith(space, home, "--quiet", "init", "--no-passphrase")


def start(space, home):
    line = ["ip", "netns", "exec", space, KITH, "--home", home, "daemon", "--foreground"]
    node = subprocess.Popen([str(word) for word in line], stdin=subprocess.DEVNULL)
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(home / "run/node.sock"))
                client.sendall(b'{"jsonrpc":"2.0","id":1,"method":"hello"}\n')
                if client.recv(4096):
                    return node
        except OSError:
            time.sleep(0.01)


def online(home):
    return json.loads(kith(HERE, home, "status", "--json"))["friends"]["online"]


def spent(pid):
    """Processor seconds; voluntary context switches of our threads, and of those that sled keeps."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ours = sleds = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        about = dict(line.split(":\t", 1) for line in lines)
        switches = int(about["voluntary_ctxt_switches"])
        if about["Name"].startswith("sled-io"):
            sleds += switches
        else:
            ours += switches
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), ours, sleds


def cable():
    """Bytes and packets both ways."""
    links = json.loads(run("ip", "-n", HERE, "-s", "-j", "link", "show", "cable"))
    counts = links[0]["stats64"]
    return [sum(counts[way][what] for way in ("rx", "tx")) for what in ("bytes", "packets")]


def minute(name, node):
    before, sent = spent(node.pid), cable()
    time.sleep(60)
    after, sent_after = spent(node.pid), cable()
    lines = pathlib.Path(f"/proc/{node.pid}/status").read_text().splitlines()
    memory = int(dict(line.split(":\t", 1) for line in lines)["VmRSS"].split()[0]) / 1024
    print(f"{name:36}{memory:5.1f} MiB, {after[0] - before[0]:.2f} s of processor a minute,"
          f" {(after[1] - before[1]) / 60:.2f} wake-ups a second (and {(after[2] - before[2]) / 60:.2f} of sled's),"
          f" {(sent_after[0] - sent[0]) / 1000:.1f} kB and {sent_after[1] - sent[1]} packets a minute", flush=True)


def measure(there):
    zoe = there / "zoe"
    make(HERE, zoe, 26300)
    node = start(HERE, zoe)
    time.sleep(2)
    minute("without friends", node)
    friends = [(there / f"friend{n}", f"friend{n}") for n in range(FRIENDS)]
    nodes = []
    for n, (home, name) in enumerate(friends):
        make(THERE, home, 26301 + n)
        nodes.append(start(THERE, home))
        code = kith(THERE, home, "invite", "--as", "zoe")
        kith(HERE, zoe, "accept", "--as", name, input=code)
    while online(zoe) < FRIENDS:
        time.sleep(1)
    time.sleep(30)
    minute(f"{FRIENDS} friends online", node)
    # A machine that is off says nothing: neither "nobody here" nor "I go".
    for way in ("input", "output"):
        run("ip", "netns", "exec", THERE, "nft", f"add table inet off; add chain inet off {way}"
            f" {{ type filter hook {way} priority 0; policy drop; }}")
    for friend in nodes:
        friend.kill()
    for nth in ("first", "second", "third"):
        minute(f"{FRIENDS} gone, the {nth} minute", node)
    if online(zoe) > 0:
        raise SystemExit("failed: it takes somebody for present")
    node.kill()
    node.wait()
    node = start(HERE, zoe)
    minute(f"started anew, {FRIENDS} gone", node)
    node.kill()
    node.wait()


def main():
    made = os.geteuid() == 0 and subprocess.run(["ip", "netns", "add", HERE], stderr=subprocess.DEVNULL)
    if not made or made.returncode:
        print("not run: no network namespaces may be made here")
        return
    run("ip", "netns", "add", THERE)
    try:
        run("ip", "-n", HERE, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", THERE)
        for space, addr in ((HERE, "10.86.0.1/24"), (THERE, "10.86.0.2/24")):
            run("ip", "netns", "exec", space, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
            run("ip", "-n", space, "link", "set", "lo", "up")
            run("ip", "-n", space, "addr", "add", addr, "dev", "cable")
            run("ip", "-n", space, "link", "set", "cable", "up")
        with tempfile.TemporaryDirectory() as there:
            measure(pathlib.Path(there))
    finally:
        for space in (HERE, THERE):
            # Whoever lives there is ours.
            for pid in run("ip", "netns", "pids", space).split():
                os.kill(int(pid), 9)
            run("ip", "netns", "del", space)


main()
