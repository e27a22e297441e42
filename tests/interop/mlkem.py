"""ML-KEM-768 (FIPS 203), from given randomness."""

from hashlib import sha3_256, sha3_512, shake_128, shake_256

Q, N, K = 3329, 256, 3
ETA, DU, DV = 2, 10, 4
EK, CT = 384 * K + 32, 32 * (DU * K + DV)


def reversed_bits(i):
    return int(f"{i:07b}"[::-1], 2)


ZETA = [pow(17, reversed_bits(i), Q) for i in range(128)]
GAMMA = [pow(17, 2 * reversed_bits(i) + 1, Q) for i in range(128)]


# Polynomials: lists of 256 numbers below Q, as they are or transformed ("hat").


def add(*polynomials):
    return [sum(column) % Q for column in zip(*polynomials)]


def transform(f):
    f, i, length = list(f), 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                t = ZETA[i] * f[j + length]
                f[j + length], f[j] = (f[j] - t) % Q, (f[j] + t) % Q
            i += 1
        length //= 2
    return f


def transform_back(f):
    f, i, length = list(f), 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                t = f[j]
                f[j] = (t + f[j + length]) % Q
                f[j + length] = ZETA[i] * (f[j + length] - t) % Q
            i -= 1
        length *= 2
    return [x * 3303 % Q for x in f]


def multiply(f, g):
    h = []
    for i in range(128):
        a0, a1, b0, b1 = *f[2 * i : 2 * i + 2], *g[2 * i : 2 * i + 2]
        h += (a0 * b0 + a1 * b1 * GAMMA[i]) % Q, (a0 * b1 + a1 * b0) % Q
    return h


def dot(row, column):
    return add(*(multiply(f, g) for f, g in zip(row, column)))


# Bytes.


def encode(f, bits):
    number = sum(x << bits * i for i, x in enumerate(f))
    return number.to_bytes(32 * bits, "little")


def decode(data, bits):
    number = int.from_bytes(data, "little")
    return [number >> bits * i & (1 << bits) - 1 for i in range(N)]


def decode_many(data, bits):
    size = 32 * bits
    return [decode(data[at : at + size], bits) for at in range(0, len(data), size)]


def compress(f, bits):
    return [((x << bits) + Q // 2) // Q % (1 << bits) for x in f]


def decompress(f, bits):
    return [x * Q + (1 << bits - 1) >> bits for x in f]


def sample_uniform(seed):
    data, f = shake_128(seed).digest(1536), []
    for at in range(0, len(data), 3):
        a, b, c = data[at : at + 3]
        f += [x for x in (a + 256 * (b % 16), b // 16 + 16 * c) if x < Q]
    assert len(f) >= N, "a sample that no one will ever see"
    return f[:N]


def sample_small(seed, number):
    bits = int.from_bytes(shake_256(seed + bytes([number])).digest(64 * ETA), "little")
    halves = [(bits >> 2 * i & 1) + (bits >> 2 * i + 1 & 1) for i in range(2 * N)]
    return [(halves[2 * i] - halves[2 * i + 1]) % Q for i in range(N)]


def matrix(rho):
    return [[sample_uniform(rho + bytes([j, i])) for j in range(K)] for i in range(K)]


# The scheme.


def generate(seed):
    """(dk, ek) of seed = d | z, 64 bytes. dk is kept as what opening needs."""
    d, z = seed[:32], seed[32:]
    both = sha3_512(d + bytes([K])).digest()
    rho, sigma = both[:32], both[32:]
    s = [transform(sample_small(sigma, n)) for n in range(K)]
    e = [transform(sample_small(sigma, K + n)) for n in range(K)]
    t = [add(dot(row, s), noise) for row, noise in zip(matrix(rho), e)]
    ek = b"".join(encode(f, 12) for f in t) + rho
    return (s, ek, z), ek


def encrypt(ek, m, coins):
    t, rho = decode_many(ek[:-32], 12), ek[-32:]
    y = [transform(sample_small(coins, n)) for n in range(K)]
    columns = zip(*matrix(rho))
    u = [add(transform_back(dot(c, y)), sample_small(coins, K + n)) for n, c in enumerate(columns)]
    message = decompress(decode(m, 1), 1)
    v = add(transform_back(dot(t, y)), sample_small(coins, 2 * K), message)
    return b"".join(encode(compress(f, DU), DU) for f in u) + encode(compress(v, DV), DV)


def acceptable(ek):
    return len(ek) == EK and all(x < Q for f in decode_many(ek[:-32], 12) for x in f)


def encapsulate(ek, m):
    """(ct, ss)."""
    if not acceptable(ek):
        raise ValueError("a KEM key that is not reduced")
    both = sha3_512(m + sha3_256(ek).digest()).digest()
    return encrypt(ek, m, both[32:]), both[:32]


def decapsulate(dk, ct):
    s, ek, z = dk
    u = [transform(decompress(f, DU)) for f in decode_many(ct[: 32 * DU * K], DU)]
    v = decompress(decode(ct[32 * DU * K :], DV), DV)
    w = add(v, [-x for x in transform_back(dot(s, u))])
    m = encode(compress(w, 1), 1)
    both = sha3_512(m + sha3_256(ek).digest()).digest()
    if encrypt(ek, m, both[32:]) == ct:
        return both[:32]
    return shake_256(z + ct).digest(32)
