"""PROTOCOL §2: the secrets of an edge between two friends."""

from notation import D, u32


def root(k_i, k_r, ss_kem, meeting_secret, r_i, r_r, h):
    """ER_0, what a pairing ends with."""
    return D("edge root", k_i, k_r, ss_kem, meeting_secret, r_i, r_r, h)


def renewed(recovery, ik, s):
    """ER_0 of the edge that follows when one of the two has a new identity."""
    return D("edge identity", recovery, ik, s)


class Way:
    """The keys of one direction, from one IK to the other."""

    def __init__(self, recovery, secret, sender, receiver):
        self.hint = D("edge hint", recovery, sender, receiver)
        self.flight = D("edge flight", secret, sender, receiver)
        self.wrap = D("edge wrap", secret, sender, receiver)
        self.hhk = D("edge ake header", secret, sender, receiver)


class Edge:
    """All keys of epoch 0, as `mine` holds them."""

    def __init__(self, er_0, mine, theirs):
        self.re = D("edge recovery", er_0)
        self.e, self.epoch = D("edge epoch", er_0), u32(0)
        self.psk = D("edge psk", self.e)
        self.to = Way(self.re, self.e, mine, theirs)
        self.of = Way(self.re, self.e, theirs, mine)
        self.c_0 = D("continuity", er_0)


def cont_id(continuity):
    return D("continuity id", continuity)[:8]
