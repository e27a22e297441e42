"""PROTOCOL §4.2: the double ratchet with header encryption."""

from copy import copy

import parcel
from notation import D, MAC, X, good_point, take
from x25519 import public

CHAIN_PARCELS_MAX = 1280


class Used(Exception):
    """The number was used before."""


class NotOurs(Exception):
    """No header key fits."""


def root_step(rk, shared, ss=None):
    """RK', CK, NHK."""
    out = MAC(rk, b"root", shared, ss or bytes(32), bytes([1 if ss else 0]), length=96)
    return take(out, 32, 32, 32)


def chain_step(ck):
    """(mk_enc, CK')."""
    return D("msg enc", ck), D("chain", ck)


class Session:
    """One end. `sending`: a chain of mine is open, which the next turn of the peer closes."""

    def __init__(self, keys, dhr=None, dhs=None):
        """I knows R's ratchet key `dhr`; R has its scalar `dhs`."""
        self.rk, hk_i, nhk_r, self.id = keys
        self.initiator = dhr is not None
        self.dhs, self.dhr, self.sending = dhs, dhr, False
        self.nhks, self.nhkr = (hk_i, nhk_r) if self.initiator else (nhk_r, hk_i)
        self.hks = self.hkr = self.cks = self.ckr = None
        self.ns = self.nr = self.pn = 0
        self.chains = 0
        self.skipped = {}  # header key -> {n: mk_enc}, in the order of the chains

    def _root(self, ss=None):
        self.rk, chain, next_header = root_step(self.rk, X(self.dhs, self.dhr), ss)
        return chain, next_header

    # Sending.

    def seal(self, payload, entropy):
        if not self.sending:
            self._turn_to_send(entropy)
        mk_enc, self.cks = chain_step(self.cks)
        core = parcel.Core(parcel.RATCHET, public(self.dhs), self.pn, self.ns)
        self.ns += 1
        bucket = parcel.bucket_for(len(payload))
        return parcel.seal(core, self.hks, mk_enc, self.id, entropy.draw(24), payload, bucket)

    def _turn_to_send(self, entropy):
        self.pn, self.ns = self.ns, 0
        self.dhs = entropy.draw(32)
        self.hks = self.nhks
        self.cks, self.nhks = self._root()
        self.sending = True
        self.chains += 1

    # Receiving.

    def open(self, data):
        """The payload. The state moves only if everything was right."""
        came = parcel.Parcel(data)
        after = copy(self)
        after.skipped = {hk: dict(keys) for hk, keys in self.skipped.items()}
        mk_enc = after._message_key(came)
        payload = came.open(mk_enc, self.id)
        self.__dict__ = after.__dict__
        return payload

    def _message_key(self, came):
        if self.hkr and came.fits(self.hkr):
            core = self._core(came, self.hkr)
            if core.dh != self.dhr:
                raise ValueError("another ratchet key in the same chain")
            if core.n < self.nr:
                return self._skipped_key(self.hkr, core.n)
            return self._key_at(core.n)
        if came.fits(self.nhkr):
            core = self._core(came, self.nhkr)
            self._turn_to_receive(core)
            return self._key_at(core.n)
        for hk in self.skipped:
            if came.fits(hk):
                return self._skipped_key(hk, self._core(came, hk).n)
        raise NotOurs

    def _core(self, came, hk):
        core = came.core(hk)
        if core.flags != parcel.RATCHET or core.n >= CHAIN_PARCELS_MAX or core.pn > CHAIN_PARCELS_MAX:
            raise ValueError("a number beyond the bounds")
        good_point(core.dh)
        return core

    def _skipped_key(self, hk, n):
        if n not in self.skipped.get(hk, {}):
            raise Used
        return self.skipped[hk].pop(n)

    def _skip_to(self, n):
        while self.nr < n:
            mk_enc, self.ckr = chain_step(self.ckr)
            self.skipped.setdefault(self.hkr, {})[self.nr] = mk_enc
            self.nr += 1

    def _key_at(self, n):
        self._skip_to(n)
        mk_enc, self.ckr = chain_step(self.ckr)
        self.nr += 1
        return mk_enc

    def _turn_to_receive(self, core):
        if self.hkr:
            self._skip_to(core.pn)
        self.dhr, self.nr = core.dh, 0
        self.hkr = self.nhkr
        self.ckr, self.nhkr = self._root()
        self.sending = False
