"""X25519 (RFC 7748), as a Montgomery ladder on Python's integers. Readable, not constant in time."""

P = 2**255 - 19
BASE = (9).to_bytes(32, "little")


def x25519(scalar, point):
    """32 bytes; whoever uses it decides what an all-zero result means."""
    k = int.from_bytes(scalar, "little") & ~7 & (2**254 - 1) | 2**254
    x1 = int.from_bytes(point, "little") % 2**255
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for t in reversed(range(255)):
        bit = k >> t & 1
        if swap != bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def public(scalar):
    return x25519(scalar, BASE)


def refused(point):
    """Whether a point from outside must be refused: not canonical, or of low order (PROTOCOL §1)."""
    canonical = int.from_bytes(point, "little") < P
    return not canonical or not any(x25519(bytes(32), point))
