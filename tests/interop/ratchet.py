"""PROTOCOL §4.2, §4.3: the double ratchet with header encryption, and the KEM steps that ride it."""

from copy import copy

import mlkem
import parcel
from notation import D, MAC, Entropy, X, good_point, take
from x25519 import public

CHAIN_PARCELS_MAX = 1280
KEM_STEP_MESSAGES, KEM_STEP_MINUTES = 50, 24 * 60


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


def field_tag(field):
    return D("kem field", field)[:16]


class Step:
    """Where one end stands between two KEM steps. `bears`: the field of my sending chain."""

    def __init__(self):
        self.count, self.since = 0, None
        self.bears, self.dk, self.offered = b"", None, None

    def _finished(self, minute):
        self.count, self.since = 0, minute

    def _due(self, minute):
        slow = self.since is not None and minute - self.since >= KEM_STEP_MINUTES
        return self.count >= KEM_STEP_MESSAGES or slow

    def begin_sending(self, minute, entropy):
        """ss_kem, if the chain answers."""
        ss, self.bears = None, b""
        if self.offered:
            self.bears, ss = mlkem.encapsulate(self.offered, entropy.draw(32))
            self.offered = None
            self._finished(minute)
        elif self._due(minute):
            self.dk, self.bears = mlkem.generate(Entropy(entropy.draw(32)).draw(64))
        return ss

    def begin_receiving(self, field, minute):
        """The same, of a chain of the peer."""
        if (self.dk is not None) != (len(field) == mlkem.CT):
            raise ValueError("an answer to nothing, or none")
        if self.dk:
            ss, self.dk = mlkem.decapsulate(self.dk, field), None
            self._finished(minute)
            return ss
        if field and not mlkem.acceptable(field):
            raise ValueError("a KEM key that is not reduced")
        self.offered = field or None
        return None

    def sealed_or_opened(self, minute, sealed):
        self.count += 1
        if self.since is None and sealed:
            self.since = minute


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
        self.fields = {}  # header key -> the tag of the field that all parcels of the chain bear
        self.step = Step()

    def _root(self, ss):
        self.rk, chain, next_header = root_step(self.rk, X(self.dhs, self.dhr), ss)
        return chain, next_header

    # Sending.

    def seal(self, payload, minute, entropy):
        if not self.sending:
            self._turn_to_send(minute, entropy)
        mk_enc, self.cks = chain_step(self.cks)
        field = self.step.bears
        core = parcel.Core(parcel.RATCHET, public(self.dhs), self.pn, self.ns, len(field))
        self.ns += 1
        self.step.sealed_or_opened(minute, sealed=True)
        bucket = parcel.bucket_for(len(payload))
        return parcel.seal(core, self.hks, mk_enc, self.id, entropy.draw(24), payload, bucket, field)

    def _turn_to_send(self, minute, entropy):
        self.pn, self.ns = self.ns, 0
        self.dhs = entropy.draw(32)
        self.hks = self.nhks
        self.cks, self.nhks = self._root(self.step.begin_sending(minute, entropy))
        self.sending = True
        self.chains += 1

    # Receiving.

    def open(self, data, minute):
        """The payload. The state moves only if everything was right."""
        came = parcel.Parcel(data)
        after = copy(self)
        after.skipped = {hk: dict(keys) for hk, keys in self.skipped.items()}
        after.fields, after.step = dict(self.fields), copy(self.step)
        core, mk_enc = after._message_key(came, minute)
        payload = came.open(core, mk_enc, self.id)
        after.step.sealed_or_opened(minute, sealed=False)
        self.__dict__ = after.__dict__
        return payload

    def _message_key(self, came, minute):
        """What its header says, and the key of its body."""
        if self.hkr and came.fits(self.hkr):
            core = self._core(came, self.hkr)
            if core.n < self.nr:
                return core, self._skipped_key(came, core, self.hkr)
            if core.dh != self.dhr:
                raise ValueError("another ratchet key in the same chain")
            self._same_field(came, core, self.hkr)
            return core, self._key_at(core.n)
        if came.fits(self.nhkr):
            core = self._core(came, self.nhkr)
            self._turn_to_receive(core, came.field(self.nhkr, core), minute)
            return core, self._key_at(core.n)
        for hk in self.skipped:
            if came.fits(hk):
                core = self._core(came, hk)
                return core, self._skipped_key(came, core, hk)
        raise NotOurs

    def _same_field(self, came, core, hk):
        if field_tag(came.field(hk, core)) != self.fields[hk]:
            raise ValueError("another field in the same chain")

    def _core(self, came, hk):
        core = came.core(hk)
        if core.flags != parcel.RATCHET or core.n >= CHAIN_PARCELS_MAX or core.pn > CHAIN_PARCELS_MAX:
            raise ValueError("a number beyond the bounds")
        good_point(core.dh)
        return core

    def _skipped_key(self, came, core, hk):
        if core.n not in self.skipped.get(hk, {}):
            raise Used
        self._same_field(came, core, hk)
        return self.skipped[hk].pop(core.n)

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

    def _turn_to_receive(self, core, field, minute):
        if self.hkr:
            self._skip_to(core.pn)
        self.dhr, self.nr = core.dh, 0
        self.hkr = self.nhkr
        self.fields[self.hkr] = field_tag(field)
        self.ckr, self.nhkr = self._root(self.step.begin_receiving(field, minute))
        self.sending = False
