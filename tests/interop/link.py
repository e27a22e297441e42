"""PROTOCOL §3: the first flight, its answer, and the records that follow."""

from noise import Cipher, Handshake
from notation import D, MAC, STREAM, take, u16, u32, u64, without_padding

FLIGHT_BYTES = 512
ABOUT = bytes([1]) + u32(0)  # ver, caps
NOISE_BYTES = 32 + len(ABOUT) + 16


def flight(hint, key, wrap, stamp, noise, nonce, length=FLIGHT_BYTES):
    find = MAC(hint, b"find", nonce)[:16]
    plain = (u64(stamp) + noise).ljust(length - 56, b"\0")
    ct = STREAM(wrap, nonce, plain)
    return nonce + find + ct + MAC(key, b"flight", nonce, find, ct)[:16]


def open_flight(hint, key, wrap, data, noise_length, length=FLIGHT_BYTES):
    """(stamp, Noise1)."""
    nonce, find, ct, tag = take(data, 24, 16, length - 56, 16)
    if find != MAC(hint, b"find", nonce)[:16] or tag != MAC(key, b"flight", nonce, find, ct)[:16]:
        raise ValueError("a stranger's flight")
    plain = without_padding(STREAM(wrap, nonce, ct), 8 + noise_length)
    return int.from_bytes(plain[:8], "little"), plain[8:]


def wrapped(wrap, nonce, noise, length):
    """N | STREAM(wrap, N, Noise | zeros), so long in all."""
    return nonce + STREAM(wrap, nonce, noise.ljust(length - 24, b"\0"))


def unwrap(wrap, data, noise_length, length):
    nonce, ct = take(data, 24, length - 24)
    return without_padding(STREAM(wrap, nonce, ct), noise_length)


def handshake(edge, identity, peer, initiator, scalar):
    prologue = b"kith/link/1" + edge.epoch
    return Handshake("KKpsk0", initiator, prologue, scalar, identity.scalar, peer, edge.psk)


def dial(edge, identity, peer, stamp, entropy):
    """The handshake that waits for its answer, and the flight."""
    noise = handshake(edge, identity, peer, True, entropy.ephemeral())
    first, way = noise.write(ABOUT), edge.to
    return noise, flight(way.hint, way.flight, way.wrap, stamp, first, entropy.draw(24))


def answer(edge, identity, peer, data, entropy):
    """The stamp, the handshake that is done, and the answer."""
    way = edge.of
    stamp, first = open_flight(way.hint, way.flight, way.wrap, data, NOISE_BYTES)
    noise = handshake(edge, identity, peer, False, entropy.ephemeral())
    if noise.read(first) != ABOUT:
        raise ValueError("another version")
    second = noise.write(ABOUT)
    return stamp, noise, wrapped(edge.to.wrap, entropy.draw(24), second, FLIGHT_BYTES)


def finish(noise, edge, data):
    if noise.read(unwrap(edge.of.wrap, data, NOISE_BYTES, FLIGHT_BYTES)) != ABOUT:
        raise ValueError("another version")


class Direction:
    """What one side sends after a handshake, sealed and opened with the same hands."""

    def __init__(self, noise, by_initiator):
        k_i, k_r = noise.split()
        letter = "I" if by_initiator else "R"
        self.lengths = D("link length " + letter, k_i, k_r, noise.h)
        self.cipher = Cipher(k_i if by_initiator else k_r)

    def _mask(self, blocks):
        mask = MAC(self.lengths, u64(self.cipher.n))[:2]
        return bytes(a ^ b for a, b in zip(blocks, mask))

    def seal(self, data, rekey=False):
        blocks = -(-(len(data) + 20) // 512)
        used = u16(len(data) | (0x8000 if rekey else 0))
        head = self._mask(u16(blocks))
        record = head + self.cipher.seal(b"", (used + data).ljust(512 * blocks - 18, b"\0"))
        if rekey:
            self.cipher.rekey()
        return record

    def open(self, record):
        """(data, whether the key was renewed behind it)."""
        blocks = int.from_bytes(self._mask(record[:2]), "little")
        head, message = take(record, 2, 512 * blocks - 2)
        plain = self.cipher.open(b"", message)
        used = int.from_bytes(plain[:2], "little")
        data = without_padding(plain[2:], used & 0x7FFF)
        if used & 0x8000:
            self.cipher.rekey()
        return data, bool(used & 0x8000)
