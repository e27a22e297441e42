"""PROTOCOL §5: a mailbox's keys, the tokens of it, and its two doors."""

from blake3 import blake3
from link import FLIGHT_BYTES, flight, open_flight, unwrap, wrapped
from noise import Handshake
from notation import D, MAC, u16, u32, without_padding

VERSION = b"\1"
ASK_BYTES = 32 + 1 + 16
ANSWER_BYTES = {b"kith/deposit/1": 32 + 2 + 16, b"kith/fetch/1": ASK_BYTES}
PARCEL, STATUS, SLOT, DEL = 2, 4, 6, 7
NOT_AFTER, BOUND_TO = 1, 4


class Lock:
    """The four keys of a door."""

    def __init__(self, which, secret):
        self.hint, self.flight = D(f"{which} hint", secret), D(f"{which} flight", secret)
        self.wrap_in, self.wrap_out = D(f"{which} wrap in", secret), D(f"{which} wrap out", secret)


class Box:
    def __init__(self, box_id, key):
        self.id, self.key = box_id, key
        self.door = D("door", key, box_id)
        self.leaving, self.fetching = Lock("door", self.door), Lock("fetch", key)
        self.psk = D("door fetch", key)

    def token(self, serial, caveats):
        """t_n, of `generation u16 | serial u16` and conditions as they are laid, one after the other."""
        t = MAC(self.key, b"tok", self.id, serial[:2], serial[2:])
        for caveat in caveats:
            t = MAC(t, caveat)
        return t

    def receipt(self, slot, parcel):
        return MAC(self.key, b"del", self.id, u32(slot), blake3(parcel))[:16]


def not_after(day):
    return bytes([NOT_AFTER, 2]) + u16(day)


def bound_to(parcel):
    return bytes([BOUND_TO, 32]) + blake3(parcel)


def shown(serial, caveats):
    return serial + bytes([len(caveats)]) + b"".join(caveats)


def taken_apart(data):
    """(serial, conditions, what is behind them)."""
    serial, count, rest, caveats = data[:4], data[4], data[5:], []
    for _ in range(count):
        length = {NOT_AFTER: 2, BOUND_TO: 32}[rest[0]]
        if rest[1] != length:
            raise ValueError("a condition of another length")
        caveats.append(rest[: 2 + length])
        rest = rest[2 + length :]
    return serial, caveats, rest


def handshake(name, box, psk, initiator, entropy):
    return Handshake("NNpsk0", initiator, name + box.id, entropy.ephemeral(), psk=psk)


def knock(name, lock, box, psk, stamp, token, entropy):
    """The handshake that waits for its answer, and the flight."""
    noise = handshake(name, box, psk, True, entropy)
    first = token + noise.write(VERSION)
    return noise, flight(lock.hint, lock.flight, lock.wrap_in, stamp, first, entropy.draw(24))


def opened(lock, data):
    """(stamp, all that is behind it)."""
    return open_flight(lock.hint, lock.flight, lock.wrap_in, data, FLIGHT_BYTES - 64)


def answer(name, lock, box, psk, first, payload, entropy):
    """The handshake that is done, and the answer."""
    noise = handshake(name, box, psk, False, entropy)
    if noise.read(without_padding(first, ASK_BYTES)) != VERSION:
        raise ValueError("another version")
    second = noise.write(VERSION + payload)
    return noise, wrapped(lock.wrap_out, entropy.draw(24), second, FLIGHT_BYTES)


def finish(name, lock, noise, data):
    """What the answer says beside its version."""
    said = noise.read(unwrap(lock.wrap_out, data, ANSWER_BYTES[name], FLIGHT_BYTES))
    if said[:1] != VERSION:
        raise ValueError("another version")
    return said[1:]


def frame(kind, body):
    return bytes([kind]) + u32(len(body)) + body
