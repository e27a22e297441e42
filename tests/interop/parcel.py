"""PROTOCOL §4.2: one parcel, exactly one bucket long; and the KEM field it may bear."""

from collections import namedtuple

import mlkem
from notation import D, MAC, STREAM, take, u16, u32, without_padding

BUCKETS = (2048, 8192, 65536)
RESERVED = 1184  # the bucket is chosen as if it held so much beside the payload
RATCHET, A1, A2 = 0, 1, 2

FIELDS = (0, mlkem.CT, mlkem.EK)

Core = namedtuple("Core", "flags dh pn n ext_len")


def bucket_for(length):
    return next(bucket for bucket in BUCKETS if length <= bucket - 140 - RESERVED)


def header_tag(hk, nonce, hdr_ct):
    return MAC(D("hdr mac", hk), b"h", nonce, hdr_ct)[:16]


def ext_stream(hk, nonce, field):
    return STREAM(D("hdr enc", hk), nonce[:-1] + bytes([nonce[-1] ^ 1]), field)


def body_tag(mk_enc, session_id, nonce, hdr_ct, hdr_tag, ext_ct, body_ct):
    mk_mac = D("msg mac", mk_enc)
    return MAC(mk_mac, b"b", session_id, nonce, hdr_ct, hdr_tag, ext_ct, body_ct)


def seal(core, hk, mk_enc, session_id, nonce, payload, bucket, field=b""):
    head = bytes([1, core.flags, BUCKETS.index(bucket), 0])
    plain = head + core.dh + u32(core.pn) + u32(core.n) + u16(len(field)) + bytes(18)
    hdr_ct = STREAM(D("hdr enc", hk), nonce, plain)
    hdr_tag = header_tag(hk, nonce, hdr_ct)
    ext_ct = ext_stream(hk, nonce, field)
    body_ct = STREAM(mk_enc, nonce, (u32(len(payload)) + payload).ljust(bucket - 136 - len(field), b"\0"))
    parts = nonce, hdr_ct, hdr_tag, ext_ct, body_ct
    return b"".join(parts) + body_tag(mk_enc, session_id, *parts)


class Parcel:
    """One that came. Nothing in it is believed before its tags fit."""

    def __init__(self, data):
        if len(data) not in BUCKETS:
            raise ValueError("not the length of a bucket")
        self.bucket = len(data)
        parts = take(data, 24, 64, 16, self.bucket - 136, 32)
        self.nonce, self.hdr_ct, self.hdr_tag, self.rest, self.body_tag = parts

    def fits(self, hk):
        return self.hdr_tag == header_tag(hk, self.nonce, self.hdr_ct)

    def core(self, hk):
        plain = STREAM(D("hdr enc", hk), self.nonce, self.hdr_ct)
        head, dh, pn, n, ext_len, zeros = take(plain, 4, 32, 4, 4, 2, 18)
        pn, n, ext_len = (int.from_bytes(number, "little") for number in (pn, n, ext_len))
        if head[0] != 1 or head[1] > 2 or head[2] != BUCKETS.index(self.bucket) or head[3] or any(zeros):
            raise ValueError("a header of another version")
        if ext_len not in FIELDS or (ext_len and head[1] != RATCHET):
            raise ValueError("a KEM field of another length")
        return Core(head[1], dh, pn, n, ext_len)

    def field(self, hk, core):
        return ext_stream(hk, self.nonce, self.rest[: core.ext_len])

    def open(self, core, mk_enc, session_id):
        ext_ct, body_ct = self.rest[: core.ext_len], self.rest[core.ext_len :]
        tag = body_tag(mk_enc, session_id, self.nonce, self.hdr_ct, self.hdr_tag, ext_ct, body_ct)
        if tag != self.body_tag:
            raise ValueError("a body that does not authenticate")
        plain = STREAM(mk_enc, self.nonce, body_ct)
        return without_padding(plain[4:], int.from_bytes(plain[:4], "little"))
