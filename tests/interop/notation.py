"""PROTOCOL, Notation and §1: derivations, streams, the draws of entropy, identities."""

import blake3
from chacha20 import xchacha20
from x25519 import public, refused, x25519


def fields(parts):
    """`a || b`: each behind its length; one alone as it is."""
    if len(parts) == 1:
        return parts[0]
    return b"".join(u32(len(part)) + part for part in parts)


def D(label, *parts, length=32):
    return blake3.derive_key("kith 2026 v1 " + label, fields(parts), length)


def MAC(key, *parts, length=32):
    return blake3.keyed_hash(key, fields(parts), length)


STREAM = xchacha20
HOST_BYTES = {b"\4": 4, b"\6": 16, b"\3": 32}
IPV4_IN_IPV6 = bytes(10) + b"\xff\xff"


def X(scalar, point):
    shared = x25519(scalar, point)
    if not any(shared):
        raise ValueError("a point of low order")
    return shared


def u16(number):
    return number.to_bytes(2, "little")


def u32(number):
    return number.to_bytes(4, "little")


def u64(number):
    return number.to_bytes(8, "little")


class Entropy:
    """The 32 bytes that an input brings: draw after draw, never two the same."""

    def __init__(self, given):
        self.given, self.taken = given, 0

    def draw(self, length):
        self.taken += length
        return D("entropy", self.given, length=self.taken)[-length:]

    def ephemeral(self):
        """A handshake's draw, and from it its scalar."""
        return D("entropy", self.draw(32))


class Identity:
    def __init__(self, seed):
        self.scalar = D("identity x25519", seed)
        self.ik = public(self.scalar)


def take(data, *lengths):
    """The parts of a layout; nothing may be left, nothing may lack."""
    if len(data) != sum(lengths):
        raise ValueError(f"{len(data)} bytes where there should be {sum(lengths)}")
    parts, at = [], 0
    for length in lengths:
        parts.append(data[at : at + length])
        at += length
    return parts


def without_padding(data, length):
    """The first bytes of what zeros fill up."""
    if any(data[length:]):
        raise ValueError("padding that is not zero")
    return data[:length]


def addresses(data, count):
    """So many `addr`, and what is behind them."""
    found = []
    for _ in range(count):
        if data[:1] not in HOST_BYTES:
            raise ValueError("no type of address")
        size = 1 + HOST_BYTES[data[:1]] + 2
        addr, data = data[:size], data[size:]
        if len(addr) != size or not any(addr[-2:]):
            raise ValueError("an address that is cut, or has port 0")
        if addr[1:-2].startswith(IPV4_IN_IPV6) and size == 19:
            raise ValueError("IPv4 in the clothes of IPv6")
        found.append(addr)
    return found, data


def good_point(point):
    if refused(point):
        raise ValueError("a point that is refused")
    return point
