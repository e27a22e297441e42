"""PROTOCOL §2c: a meeting of two, seen by each of them."""

import mlkem
from edge import root
from noise import Handshake
from notation import D, take, without_padding

VERSION = b"\1"
HELLO, COMMIT, LIST, OPEN, PAIR, KEEP = 1, 2, 4, 5, 7, 8
KEEP_PLAIN = 496
WORDS = 4


def star(initiator, secret, entropy):
    return Handshake("NNpsk0", initiator, b"kith/star/1", entropy.ephemeral(), psk=D("room door", secret))


def words(bits, count):
    """Their numbers in the list."""
    number = int.from_bytes(bits, "big") >> 8 * len(bits) - 11 * count
    return [number >> 11 * n & 2047 for n in reversed(range(count))]


def board(numbers):
    """What the words of a room say, as 32 bytes."""
    bits = 0
    for number in numbers:
        bits = bits << 11 | number
    return bits.to_bytes(11 * len(numbers) // 8, "big").ljust(32, b"\0")


def hello(room_id, english):
    return bytes([HELLO]) + VERSION + bytes([english]) + room_id


class Guest:
    """One of the two: what it brings to a run."""

    def __init__(self, identity, nick, room_id, entropy):
        self.identity, self.room_id = identity, room_id
        self.dk, self.ek = mlkem.generate(entropy.draw(64))
        self.share = entropy.draw(32)
        self.data = identity.ik + self.ek + bytes([len(nick)]) + nick
        self.hd = D("room data", self.data)
        self.c = D("room commit", room_id + self.hd + self.share)

    def commit(self):
        return bytes([COMMIT]) + self.room_id + self.c + self.data


class Table:
    """Both, in the order of their keys, and what comes of them."""

    def __init__(self, guests, room_id, english, secret):
        self.guests = sorted(guests, key=lambda guest: guest.identity.ik)
        lines = b"".join(guest.identity.ik + guest.c + guest.hd for guest in self.guests)
        self.list = room_id + bytes([len(guests), english]) + lines
        self.hl = D("room list", self.list)
        self.sas = D("room sas", self.hl + b"".join(guest.share for guest in self.guests))
        self.psk, self.meeting_secret = D("room psk", self.hl, secret), D("room meeting", self.hl, secret)

    def frame(self):
        return bytes([LIST]) + self.list

    def open(self, guest):
        return bytes([OPEN, self.guests.index(guest)]) + guest.share + self.hl

    def handshake(self, me, scalar):
        prologue, other = b"kith/room/1" + self.hl, self.guests[1 - me].identity.ik
        return Handshake("KKpsk0", me == 0, prologue, scalar, self.guests[me].identity.scalar, other, self.psk)

    def pair_1(self, entropy):
        """The frame of the one whose key is lower."""
        ct, self.ss_i = mlkem.encapsulate(self.guests[1].ek, entropy.draw(32))
        self.r_i = entropy.draw(32)
        self.of_i = self.handshake(0, entropy.ephemeral())
        return bytes([PAIR, 0, 1, 1]) + self.of_i.write(ct + self.r_i)

    def pair_2(self, frame, entropy):
        """The answer; the root as the other has it."""
        self.of_r = self.handshake(1, entropy.ephemeral())
        ct, r_i = take(self.of_r.read(frame[4:]), mlkem.CT, 32)
        ss, r_j = mlkem.decapsulate(self.guests[1].dk, ct), entropy.draw(32)
        frame = bytes([PAIR, 1, 0, 2]) + self.of_r.write(r_j)
        return frame, root(*self.of_r.split(), ss, self.meeting_secret, r_i, r_j, self.of_r.h)

    def root_of_i(self, frame):
        r_j = self.of_i.read(frame[4:])
        return root(*self.of_i.split(), self.ss_i, self.meeting_secret, self.r_i, r_j, self.of_i.h)


def keep(cipher, places, choice, addrs):
    plain = (bytes([choice, len(addrs)]) + b"".join(addrs)).ljust(KEEP_PLAIN, b"\0")
    return bytes([KEEP, *places]) + cipher.seal(b"", plain)


def read_keep(cipher, frame, length):
    """What stands before the zeros."""
    return without_padding(cipher.open(b"", frame[3:]), length)[:length]
