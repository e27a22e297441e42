"""The Noise Protocol Framework (revision 34) with 25519, ChaChaPoly and BLAKE2s: KKpsk0, XKpsk0, NN, NNpsk0."""

from hashlib import blake2s
from hmac import digest as hmac

from chacha20 import open_sealed, seal
from x25519 import public, x25519

# What both know beforehand, then the messages; the initiator speaks first.
PATTERNS = {
    "KKpsk0": (("s", "s"), ("psk e es ss", "e ee se")),
    "XKpsk0": (("", "s"), ("psk e es", "e ee", "s se")),
    "NN": (("", ""), ("e", "e ee")),
    "NNpsk0": (("", ""), ("psk e", "e ee")),
}


def kdf(chaining_key, material, outputs):
    secret, out, last = hmac(chaining_key, material, "blake2s"), [], b""
    for n in range(1, outputs + 1):
        last = hmac(secret, last + bytes([n]), "blake2s")
        out.append(last)
    return out


class Cipher:
    """A key and its counter. Before there is a key everything goes in the clear."""

    def __init__(self, key=None):
        self.key, self.n = key, 0

    def _nonce(self, n):
        return bytes(4) + n.to_bytes(8, "little")

    def seal(self, ad, plain):
        self.n += 1
        return seal(self.key, self._nonce(self.n - 1), ad, plain)

    def open(self, ad, sealed):
        plain = open_sealed(self.key, self._nonce(self.n), ad, sealed)
        self.n += 1
        return plain

    def rekey(self):
        self.key = seal(self.key, self._nonce(2**64 - 1), b"", bytes(32))[:32]


class Handshake:
    """One side of a handshake. `s`, `e`: own scalars; `rs`: the other's static key, where known."""

    def __init__(self, pattern, initiator, prologue, e, s=None, rs=None, psk=None):
        name = f"Noise_{pattern}_25519_ChaChaPoly_BLAKE2s".encode()
        self.h = name.ljust(32, b"\0") if len(name) <= 32 else blake2s(name).digest()
        self.ck, self.cipher = self.h, Cipher()
        self.initiator, self.e, self.s, self.rs, self.re, self.psk = initiator, e, s, rs, None, psk
        known, self.messages = PATTERNS[pattern][0], list(PATTERNS[pattern][1])
        self.with_psk = "psk" in pattern
        self._mix_hash(prologue)
        for side, letters in zip((True, False), known):
            if letters:
                self._mix_hash(public(s) if side == initiator else rs)

    def _mix_hash(self, data):
        self.h = blake2s(self.h + data).digest()

    def _mix_key(self, material):
        self.ck, key = kdf(self.ck, material, 2)
        self.cipher = Cipher(key)

    def _mix_psk(self):
        self.ck, to_hash, key = kdf(self.ck, self.psk, 3)
        self._mix_hash(to_hash)
        self.cipher = Cipher(key)

    def _mix_ephemeral(self, point):
        self._mix_hash(point)
        if self.with_psk:
            self._mix_key(point)

    def _mix_dh(self, token):
        """The first letter is the initiator's key, the second the responder's."""
        mine, theirs = token if self.initiator else reversed(token)
        shared = x25519({"e": self.e, "s": self.s}[mine], {"e": self.re, "s": self.rs}[theirs])
        if not any(shared):
            raise ValueError("a point of low order")
        self._mix_key(shared)

    def _encrypt(self, plain):
        out = self.cipher.seal(self.h, plain) if self.cipher.key else plain
        self._mix_hash(out)
        return out

    def _decrypt(self, data):
        out = self.cipher.open(self.h, data) if self.cipher.key else data
        self._mix_hash(data)
        return out

    def write(self, payload):
        out = b""
        for token in self.messages.pop(0).split():
            if token == "psk":
                self._mix_psk()
            elif token == "e":
                out += public(self.e)
                self._mix_ephemeral(public(self.e))
            elif token == "s":
                out += self._encrypt(public(self.s))
            else:
                self._mix_dh(token)
        return out + self._encrypt(payload)

    def read(self, message):
        for token in self.messages.pop(0).split():
            if token == "psk":
                self._mix_psk()
            elif token == "e":
                self.re, message = message[:32], message[32:]
                self._mix_ephemeral(self.re)
            elif token == "s":
                size = 48 if self.cipher.key else 32
                self.rs, message = self._decrypt(message[:size]), message[size:]
            else:
                self._mix_dh(token)
        return self._decrypt(message)

    def split(self):
        """k_i, k_r: what the initiator sends under, what the responder sends under."""
        return kdf(self.ck, b"", 2)
