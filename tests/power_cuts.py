#!/usr/bin/env python3
"""Cuts the power of a store at random moments and looks at what is left.

    tests/power_cuts.py [CYCLES [SEED]]        500 cycles, a seed of its own; needs root

An ext4 image on a loop device is shut down without flushing (the ioctl EXT4_IOC_SHUTDOWN), so that
what the file system had not written is gone, as when a plug is pulled. `power_writer`, a program of
real sealed commits, writes on it and says what it was told is durable. After each cut the store is
opened: everything acknowledged must be there, everything erased must be gone and not open, even from
a copy of its sealed bytes. Cuts come while commits run and files grow, during reclaims, during the
opening after another cut (up to three in a row), and some leave the writer alive: it must then end
by itself, with an error and no panic. Prints the figures; ends with 1 if anything was lost.
"""

import fcntl
import os
import random
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHUTDOWN = 0x8004587D
WITHOUT_FLUSHING = struct.pack("I", 2)
IMAGE_BYTES = 192 << 20
CYCLES_PER_IMAGE = 50
ERASED_KEPT = 400
ROOT = Path(__file__).resolve().parent.parent


class Lost(Exception):
    pass


class Writer:
    """The program, and what it has said."""

    def __init__(self, program, data, between_reclaims):
        self.process = subprocess.Popen(
            [program, "write", data, str(between_reclaims)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        os.set_blocking(self.process.stdout.fileno(), False)
        self.rest = b""
        self.acknowledged = None
        self.sealed = []
        self.reclaiming = False
        self.reclaims = 0
        self.opened = False

    def listen(self, seconds):
        """Takes what it says, for so long or until there is something new."""
        if select.select([self.process.stdout], [], [], seconds)[0]:
            self.drain()

    def drain(self):
        while chunk := self.read():
            *lines, self.rest = (self.rest + chunk).split(b"\n")
            for line in lines:
                self.take(line.decode())

    def read(self):
        try:
            return self.process.stdout.read(1 << 16)
        except BlockingIOError:
            return b""

    def take(self, line):
        if line.startswith("open "):
            self.opened = True
            line = line.removeprefix("open ")
        if line == "reclaim":
            self.reclaiming = True
        elif line == "reclaimed":
            self.reclaiming = False
            self.reclaims += 1
        elif line.startswith("sealed "):
            self.sealed.append(line.removeprefix("sealed "))
        else:
            first, end = line.split(" ")
            self.acknowledged = (int(first), int(end))

    def stop(self):
        """Holds it still; what it said until now counts."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)
        self.drain()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def go_on(self):
        """Without its disk it must end by itself, and not by a panic."""
        self.process.send_signal(signal.SIGCONT)
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Lost("a writer without a disk hangs")
        said = self.process.stderr.read().decode()
        if code != 1 or not said.startswith("Error: "):
            raise Lost(f"a writer without a disk ends with {code}: {said}")
        return said.strip().splitlines()[-1]


class Disk:
    """A file system on a loop device."""

    def __init__(self, place):
        self.image = place / "image"
        self.mounted = place / "mounted"
        self.mounted.mkdir()
        self.data = str(self.mounted / "data")

    def make(self):
        with open(self.image, "wb") as image:
            image.truncate(IMAGE_BYTES)
        subprocess.run(["mkfs.ext4", "-q", "-F", self.image], check=True)

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.image, self.mounted], check=True)

    def cut(self):
        held = os.open(self.mounted, os.O_RDONLY)
        try:
            fcntl.ioctl(held, SHUTDOWN, WITHOUT_FLUSHING)
        finally:
            os.close(held)

    def unmount(self):
        """Until nobody holds the image: a mount seen from elsewhere would stay shut down."""
        for _ in range(100):
            subprocess.run(["umount", self.mounted], stderr=subprocess.DEVNULL)
            held = subprocess.run(["losetup", "-j", self.image], capture_output=True)
            if not held.stdout:
                return
            time.sleep(0.1)
        sys.exit("power_cuts: something else on this machine holds the image.")


class Desk:
    def __init__(self, program, place, chance):
        self.program = program
        self.disk = Disk(place)
        self.chance = chance
        self.acknowledged = (0, 0)
        self.sealed = []
        self.figures = dict.fromkeys(
            ["cycles", "cuts", "while committing", "while reclaiming", "while opening"], 0
        )
        self.figures |= dict.fromkeys(["writers that outlived their disk", "reclaims"], 0)
        self.figures |= dict.fromkeys(["failed opens", "cycles with a loss"], 0)
        self.endings = {}
        self.opened_ms = []

    def new_image(self):
        self.disk.make()
        self.disk.mount()
        subprocess.run([self.program, "make", self.disk.data], check=True)
        os.sync()
        self.acknowledged = (0, 0)
        self.sealed = []

    def cycle(self, kind):
        """Writes, cuts, opens again with more cuts, and verifies."""
        self.figures["cycles"] += 1
        outlives = self.chance.random() < 0.1
        self.write_and_cut(kind, outlives)
        for _ in range(self.chance.choice([0, 0, 1, 2])):
            self.write_and_cut("opening", False)
        self.verify()

    def write_and_cut(self, kind, outlives):
        between = {"reclaiming": self.chance.randint(1, 20)}.get(kind, self.chance.choice([40, 10**9]))
        writer = Writer(self.program, self.disk.data, between)
        try:
            self.wait_for_the_moment(writer, kind)
            if writer.process.poll() is not None:
                raise Lost(f"the writer ended: {writer.process.stderr.read().decode()}")
            writer.stop()
            self.count(writer)
            self.disk.cut()
            if outlives:
                said = writer.go_on()
                self.endings[said] = self.endings.get(said, 0) + 1
                self.figures["writers that outlived their disk"] += 1
        finally:
            writer.kill()
        self.acknowledged = writer.acknowledged or self.acknowledged
        self.sealed = (self.sealed + writer.sealed)[-ERASED_KEPT:]
        self.disk.unmount()
        self.disk.mount()

    def wait_for_the_moment(self, writer, kind):
        """Random within what is wanted: some moment of an opening, of a reclaim, of commits."""
        until = lambda wanted, most: self.listen_until(writer, wanted, most)
        if kind == "opening":
            time.sleep(self.chance.uniform(0, 0.08))
        elif kind == "reclaiming":
            until(lambda: writer.reclaiming, 10)
            time.sleep(self.chance.uniform(0, 0.12))
        else:
            until(lambda: writer.opened, 10)
            until(lambda: False, self.chance.uniform(0, 0.6))

    def listen_until(self, writer, wanted, seconds):
        end = time.monotonic() + seconds
        while not wanted() and writer.process.poll() is None:
            left = end - time.monotonic()
            if left <= 0:
                return
            writer.listen(left)

    def count(self, writer):
        what = "committing" if writer.opened else "opening"
        if writer.opened and writer.reclaiming:
            what = "reclaiming"
        self.figures["cuts"] += 1
        self.figures[f"while {what}"] += 1
        self.figures["reclaims"] += writer.reclaims

    def verify(self):
        first, end = self.acknowledged
        looked = subprocess.run(
            [self.program, "verify", self.disk.data, str(first), str(end)],
            input="".join(line + "\n" for line in self.sealed),
            capture_output=True,
            text=True,
        )
        if looked.returncode != 0:
            lost = "acknowledged" in looked.stderr or "record" in looked.stderr
            self.figures["cycles with a loss" if lost else "failed opens"] += 1
            raise Lost(looked.stderr.strip())
        self.opened_ms.append(int(looked.stdout.split(" ")[-2]))

    def say(self):
        for what, count in self.figures.items():
            print(f"{count:7} {what}")
        for said, count in sorted(self.endings.items()):
            print(f"{count:7} ended by: {said}")
        times = sorted(self.opened_ms)
        if times:
            print(f"{times[len(times) // 2]:7} ms to open after a cut, {times[-1]} at most")


def build():
    subprocess.run(
        ["cargo", "build", "-q", "-p", "kith-node", "--example", "power_writer"], cwd=ROOT, check=True
    )
    target = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
    return str(Path(target) / "debug" / "examples" / "power_writer")


def main():
    cycles = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**9)
    if os.geteuid() != 0:
        sys.exit("power_cuts: skipped: only root can mount an image and shut it down.")
    print(f"{cycles} cycles, seed {seed}", flush=True)
    program = build()
    kinds = ["committing", "committing", "reclaiming", "opening"]
    with tempfile.TemporaryDirectory(prefix="power-cuts-") as place:
        desk = Desk(program, Path(place), random.Random(seed))
        failed = False
        for cycle in range(cycles):
            if cycle % CYCLES_PER_IMAGE == 0:
                if cycle > 0:
                    desk.disk.unmount()
                desk.new_image()
            try:
                desk.cycle(kinds[cycle % len(kinds)])
            except Lost as lost:
                print(f"cycle {cycle}: {lost}", flush=True)
                failed = True
                break
        desk.disk.unmount()
        desk.say()
        sys.exit(1 if failed else 0)


main()
