"""PROTOCOL §2: the secrets of an edge between two friends."""

from notation import D, MAC, u32

R = 2**32 - 1
REMEMBERED = 8


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
    """All keys of one epoch, as `mine` holds them; of epoch 0 if only its root is given."""

    def __init__(self, root, mine, theirs, epoch=0, re=None):
        self.er, self.ends = root, (mine, theirs)
        self.re = re or D("edge recovery", root)
        self.e, self.epoch = D("edge epoch", root), u32(epoch)
        self.psk = D("edge psk", self.e)
        self.to = Way(self.re, self.e, mine, theirs)
        self.of = Way(self.re, self.e, theirs, mine)
        self.c_0 = continuity(root)

    def rotated(self, x, r_a, r_b):
        """The same edge in epoch x."""
        return Edge(D("edge next", self.re, u32(x), r_a, r_b), *self.ends, x, self.re)

    def last_resort(self):
        return Edge(self.re, *self.ends, R, self.re)

    def zone(self, ik, mine):
        """The tag of a person in what one names to the other: `mine`, whom I name."""
        owner, asker = self.ends if mine else reversed(self.ends)
        return MAC(D("zone", self.re, owner, asker), ik)[:16]

    def tag_of_answer(self):
        return MAC(self.psk, b"ack")[:16]


def continuity(root_key):
    return D("continuity", root_key)


def cont_id(value):
    return D("continuity id", value)[:8]


def remembered(values, before=()):
    """The newest first: a session's own, and behind them those of the one whose place it took."""
    return [*values, *before][:REMEMBERED]
