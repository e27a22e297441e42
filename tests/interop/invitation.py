"""PROTOCOL §2a: the code, and the four messages that use it up."""

import mlkem
from edge import root
from link import Direction, flight, open_flight, unwrap, wrapped
from noise import Handshake
from notation import D, addresses, take, u32, without_padding

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FLIGHT_BYTES, CLAIM_BYTES, CLAIM_PLAIN = 1536, 512, 267
SUITE = bytes([1, 1])  # ver, suite


class Code:
    """ver | flags | expiry | IK | secret | addr* | check."""

    def __init__(self, data):
        body, check = data[:-4], data[-4:]
        if check != D("invite check", body)[:4]:
            raise ValueError("a code that was copied wrongly")
        version, flags, expiry, self.ik, self.secret = take(body[:54], 1, 1, 4, 32, 16)
        if version != b"\1" or flags[0] > 7:
            raise ValueError("a code of another version")
        self.expiry, self.english = int.from_bytes(expiry, "little"), bool(flags[0] & 4)
        self.addrs, rest = addresses(body[54:], flags[0] & 3)
        if rest or len(body) - 54 > 35:
            raise ValueError("a code with too much in it")

    @classmethod
    def from_text(cls, text):
        letters = text.upper().replace(" ", "").replace("-", "").removeprefix("KITH:")
        letters = letters.replace("O", "0").replace("I", "1").replace("L", "1")
        number = 0
        for letter in letters:
            number = number << 5 | ALPHABET.index(letter)
        spare = 5 * len(letters) % 8
        if number % (1 << spare):
            raise ValueError("spare bits that are not zero")
        return cls((number >> spare).to_bytes(5 * len(letters) // 8, "big"))

    def to_text(self):
        addrs = b"".join(self.addrs)
        head = bytes([1, len(self.addrs) | (4 if self.english else 0)]) + u32(self.expiry)
        data = head + self.ik + self.secret + addrs
        data += D("invite check", data)[:4]
        letters = -(-8 * len(data) // 5)
        number = int.from_bytes(data, "big") << 5 * letters - 8 * len(data)
        return "KITH:" + "".join(ALPHABET[number >> 5 * n & 31] for n in reversed(range(letters)))


class Keys:
    def __init__(self, code):
        self.s = D("invite", code.secret, code.ik, u32(code.expiry))
        for name in ("psk", "hint", "flight", "id"):
            setattr(self, name, D("invite " + name, self.s))
        self.wrap_j, self.wrap_i = D("invite wrap J", self.s), D("invite wrap I", self.s)
        self.meeting_secret = D("invite meeting", self.s)
        self.prologue = b"kith/invite/1" + self.id

    def handshake(self, initiator, scalar, identity, peer=None):
        return Handshake("XKpsk0", initiator, self.prologue, scalar, identity.scalar, peer, self.psk)


def about(nick, addrs):
    return bytes([len(nick)]) + nick + bytes([len(addrs)]) + b"".join(addrs)


def read_about(data):
    """((nick, addresses), what is behind them)."""
    size = data[0]
    nick, count = data[1 : 1 + size], data[1 + size]
    addrs, rest = addresses(data[2 + size :], count)
    return (nick, addrs), rest


def after_suite(payload, *lengths):
    suite, *parts = take(payload, 2, *lengths)
    if suite != SUITE:
        raise ValueError("another version or suite")
    return parts


class Joiner:
    def __init__(self, keys, identity, inviter, entropy):
        """`self.first` is message 1."""
        self.keys = keys
        self.dk, ek = mlkem.generate(entropy.draw(64))
        self.noise = keys.handshake(True, entropy.ephemeral(), identity, inviter)
        noise = self.noise.write(SUITE + ek)
        self.first = flight(keys.hint, keys.flight, keys.wrap_j, 0, noise, entropy.draw(24), FLIGHT_BYTES)

    def claim(self, second, nick, addrs, entropy):
        """Message 3; from here on the root is known."""
        noise = unwrap(self.keys.wrap_i, second, 48 + 2 + mlkem.CT + 32, FLIGHT_BYTES)
        ct, r_i = after_suite(self.noise.read(noise), mlkem.CT, 32)
        r_j = entropy.draw(32)
        third = self.noise.write((r_j + about(nick, addrs)).ljust(CLAIM_PLAIN, b"\0"))
        ss, secret = mlkem.decapsulate(self.dk, ct), self.keys.meeting_secret
        self.er_0 = root(*self.noise.split(), ss, secret, r_j, r_i, self.noise.h)
        return wrapped(self.keys.wrap_j, entropy.draw(24), third, CLAIM_BYTES)

    def open_verdict(self, record):
        """(verdict, (nick, addresses))."""
        data, _ = Direction(self.noise, by_initiator=False).open(record)
        told, rest = read_about(data[1:])
        if rest:
            raise ValueError("something behind the verdict")
        return data[0], told


class Inviter:
    def __init__(self, keys, identity, first, entropy):
        """`self.second` is message 2."""
        self.keys = keys
        noise_length = 48 + 2 + mlkem.EK
        stamp, noise = open_flight(keys.hint, keys.flight, keys.wrap_j, first, noise_length, FLIGHT_BYTES)
        self.noise = keys.handshake(False, entropy.ephemeral(), identity)
        (ek,) = after_suite(self.noise.read(noise), mlkem.EK)
        if stamp != 0:
            raise ValueError("a stamp in an invitation")
        ct, self.ss = mlkem.encapsulate(ek, entropy.draw(32))
        self.r_i = entropy.draw(32)
        noise = self.noise.write(SUITE + ct + self.r_i)
        self.second = wrapped(keys.wrap_i, entropy.draw(24), noise, FLIGHT_BYTES)

    def claimed(self, third):
        """(IK of the joiner, (nick, addresses)); from here on the root is known."""
        noise = unwrap(self.keys.wrap_j, third, 48 + CLAIM_PLAIN + 16, CLAIM_BYTES)
        payload = self.noise.read(noise)
        r_j, (told, rest) = payload[:32], read_about(payload[32:])
        without_padding(rest, 0)
        secret = self.keys.meeting_secret
        self.er_0 = root(*self.noise.split(), self.ss, secret, r_j, self.r_i, self.noise.h)
        return self.noise.rs, told

    def verdict(self, verdict, nick, addrs):
        return Direction(self.noise, by_initiator=False).seal(bytes([verdict]) + about(nick, addrs))
