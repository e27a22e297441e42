"""BLAKE3: hash, keyed hash and key derivation, each with as many bytes of output as asked."""

from struct import pack, unpack

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
PERMUTATION = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
CHUNK_START, CHUNK_END, PARENT, ROOT, KEYED, CONTEXT, MATERIAL = (1 << i for i in range(7))
COLUMNS_AND_DIAGONALS = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)  # fmt: skip
M = 0xFFFFFFFF


def compress(cv, block, counter, length, flags):
    """All sixteen words of output; the first eight are the next chaining value."""
    m = block
    v = [*cv, *IV[:4], counter & M, counter >> 32, length, flags]
    for round_number in range(7):
        if round_number:
            m = [m[i] for i in PERMUTATION]
        for i, (a, b, c, d) in enumerate(COLUMNS_AND_DIAGONALS):
            va, vb, vc, vd = v[a], v[b], v[c], v[d]
            va = va + vb + m[2 * i] & M
            vd ^= va
            vd = vd >> 16 | vd << 16 & M
            vc = vc + vd & M
            vb ^= vc
            vb = vb >> 12 | vb << 20 & M
            va = va + vb + m[2 * i + 1] & M
            vd ^= va
            vd = vd >> 8 | vd << 24 & M
            vc = vc + vd & M
            vb ^= vc
            vb = vb >> 7 | vb << 25 & M
            v[a], v[b], v[c], v[d] = va, vb, vc, vd
    return [x ^ y for x, y in zip(v, v[8:])] + [x ^ y for x, y in zip(v[8:], cv)]


def words(block):
    return unpack("<16L", block.ljust(64, b"\0"))


def chunk_node(key, flags, data, counter):
    """A chunk's last compression, not done yet: only the root's may have the flag ROOT."""
    blocks = [data[at : at + 64] for at in range(0, len(data), 64)] or [b""]
    cv = key
    for n, block in enumerate(blocks[:-1]):
        cv = compress(cv, words(block), counter, 64, flags | (CHUNK_START if n == 0 else 0))[:8]
    last = flags | CHUNK_END | (CHUNK_START if len(blocks) == 1 else 0)
    return cv, words(blocks[-1]), counter, len(blocks[-1]), last


def tree_node(key, flags, data, counter=0):
    """The left half of a node holds the largest power of two of chunks that leaves something."""
    if len(data) <= 1024:
        return chunk_node(key, flags, data, counter)
    left = 1 << ((len(data) - 1) // 1024).bit_length() - 1
    halves = (data[: left * 1024], counter), (data[left * 1024 :], counter + left)
    cvs = [compress(*tree_node(key, flags, half, at))[:8] for half, at in halves]
    return key, cvs[0] + cvs[1], 0, 64, flags | PARENT


def output(key, flags, data, length):
    cv, block, _, block_length, last = tree_node(key, flags, data)
    out = b""
    while len(out) < length:
        out += pack("<16L", *compress(cv, block, len(out) // 64, block_length, last | ROOT))
    return out[:length]


def blake3(data, length=32):
    return output(IV, 0, data, length)


def keyed_hash(key, data, length=32):
    return output(unpack("<8L", key), KEYED, data, length)


def derive_key(context, material, length=32):
    key = output(IV, CONTEXT, context.encode(), 32)
    return output(unpack("<8L", key), MATERIAL, material, length)
