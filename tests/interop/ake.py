"""PROTOCOL §4.1: the handshake of a session, carried in parcels."""

import mlkem
import parcel
from edge import cont_id, remembered
from invitation import SUITE, after_suite
from noise import Handshake
from notation import D, Entropy, good_point, take, u64
from x25519 import public


NONE = bytes(32)  # what a session enters as C that goes on from nothing


def handshake(edge, identity, peer, initiator, scalar):
    prologue = b"kith/ake/1" + edge.epoch
    return Handshake("KKpsk0", initiator, prologue, scalar, identity.scalar, peer, edge.psk)


def seal(flags, hhk, nonce, payload):
    core = parcel.Core(flags, bytes(32), 0, 0, 0)
    return parcel.seal(core, hhk, D("ake body", hhk, nonce), bytes(32), nonce, payload, 2048)


def open_one(flags, hhk, data):
    came = parcel.Parcel(data)
    core = parcel.Core(flags, bytes(32), 0, 0, 0)
    if not came.fits(hhk) or came.core(hhk) != core:
        raise ValueError("no parcel of this handshake")
    return came.open(core, D("ake body", hhk, came.nonce), bytes(32))


def agreed(noise, ss, edge, continuity):
    """RK_0, HK_I, NHK_R, session_id."""
    keys = D("session", *noise.split(), ss, edge.e, continuity, noise.h, length=128)
    return take(keys, 32, 32, 32, 32)


class Offer:
    def __init__(self, edge, identity, peer, stamp, entropy, known=None):
        """`self.a1`, made from 32 bytes that are kept until A2; `known`: what the two may go on from,
        the newest first; without it, what an edge that had no session has."""
        self.edge, self.known = edge, remembered([edge.c_0] if known is None else known)
        kept = Entropy(entropy.draw(32))
        self.dk, ek = mlkem.generate(kept.draw(64))
        self.noise = handshake(edge, identity, peer, True, kept.ephemeral())
        ids = b"".join(map(cont_id, self.known)).ljust(64, b"\0")
        noise = self.noise.write(SUITE + ek + ids)
        self.a1 = seal(parcel.A1, edge.to.hhk, kept.draw(24), u64(stamp) + noise)

    def finish(self, a2):
        """(the keys of the session, R's ratchet key)."""
        noise = open_one(parcel.A2, self.edge.of.hhk, a2)
        ct, ratchet, named = after_suite(self.noise.read(noise), mlkem.CT, 32, 8)
        continuity = NONE
        if any(named):
            continuity = next((c for c in self.known if cont_id(c) == named), None)
        if continuity is None:
            raise ValueError("goes on from what was not named")
        ss = mlkem.decapsulate(self.dk, ct)
        return agreed(self.noise, ss, self.edge, continuity), good_point(ratchet)


class Answer:
    def __init__(self, edge, identity, peer, a1, entropy, known=None):
        """`self.stamp`, `self.a2`, `self.keys`, `self.ratchet` (the scalar)."""
        payload = open_one(parcel.A1, edge.of.hhk, a1)
        self.stamp, noise = int.from_bytes(payload[:8], "little"), payload[8:]
        self.noise = handshake(edge, identity, peer, False, entropy.ephemeral())
        ek, ids = after_suite(self.noise.read(noise), mlkem.EK, 64)
        self.ids = take(ids, *[8] * 8)
        mine = {cont_id(c): c for c in remembered([edge.c_0] if known is None else known)}
        self.named = next((i for i in self.ids if i in mine), bytes(8))
        ct, ss = mlkem.encapsulate(ek, entropy.draw(32))
        self.ratchet = entropy.draw(32)
        noise = self.noise.write(SUITE + ct + public(self.ratchet) + self.named)
        self.a2 = seal(parcel.A2, edge.to.hhk, entropy.draw(24), noise)
        self.keys = agreed(self.noise, ss, edge, mine.get(self.named, NONE))
