"""ChaCha20, Poly1305 and their AEAD (RFC 8439), XChaCha20 (draft-irtf-cfrg-xchacha-03)."""

from struct import pack, unpack

CONSTANTS = (0x61707865, 0x3320646E, 0x79622D32, 0x6B206574)
COLUMNS_AND_DIAGONALS = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)  # fmt: skip
M = 0xFFFFFFFF


def rounds(state):
    x = list(state)
    for _ in range(10):
        for a, b, c, d in COLUMNS_AND_DIAGONALS:
            xa, xb, xc, xd = x[a], x[b], x[c], x[d]
            xa = xa + xb & M
            xd ^= xa
            xd = xd << 16 & M | xd >> 16
            xc = xc + xd & M
            xb ^= xc
            xb = xb << 12 & M | xb >> 20
            xa = xa + xb & M
            xd ^= xa
            xd = xd << 8 & M | xd >> 24
            xc = xc + xd & M
            xb ^= xc
            xb = xb << 7 & M | xb >> 25
            x[a], x[b], x[c], x[d] = xa, xb, xc, xd
    return x


def block(key, counter, nonce):
    state = CONSTANTS + unpack("<8L", key) + (counter,) + unpack("<3L", nonce)
    return pack("<16L", *(a + b & M for a, b in zip(rounds(state), state)))


def chacha20(key, counter, nonce, data):
    stream = b"".join(block(key, counter + i, nonce) for i in range((len(data) + 63) // 64))
    return bytes(a ^ b for a, b in zip(data, stream))


def hchacha20(key, nonce):
    x = rounds(CONSTANTS + unpack("<8L", key) + unpack("<4L", nonce))
    return pack("<8L", *x[:4], *x[12:])


def xchacha20(key, nonce, data):
    """From block 0 on."""
    return chacha20(hchacha20(key, nonce[:16]), 0, bytes(4) + nonce[16:], data)


def poly1305(key, data):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(data), 16):
        total = (total + int.from_bytes(data[at : at + 16] + b"\1", "little")) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


def tag(key, nonce, ad, ciphertext):
    padded = [part + bytes(-len(part) % 16) for part in (ad, ciphertext)]
    lengths = pack("<QQ", len(ad), len(ciphertext))
    return poly1305(block(key, 0, nonce)[:32], b"".join(padded) + lengths)


def seal(key, nonce, ad, plain):
    ciphertext = chacha20(key, 1, nonce, plain)
    return ciphertext + tag(key, nonce, ad, ciphertext)


def open_sealed(key, nonce, ad, sealed):
    ciphertext = sealed[:-16]
    if len(sealed) < 16 or sealed[-16:] != tag(key, nonce, ad, ciphertext):
        raise ValueError("a ciphertext does not authenticate")
    return chacha20(key, 1, nonce, ciphertext)


def xseal(key, nonce, ad, plain):
    """XChaCha20-Poly1305."""
    return seal(hchacha20(key, nonce[:16]), bytes(4) + nonce[16:], ad, plain)
