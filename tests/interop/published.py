"""The primitives held to values that others published, before anything of Kith's is believed."""

from hashlib import shake_128

import blake3
import chacha20
import mlkem
import noise
import x25519

H = bytes.fromhex


def blake3_is_blake3():
    """BLAKE3's own test_vectors.json: one chunk, two, and a tree that is not balanced."""
    key, context = b"whats the Elvish word for friend", "BLAKE3 2019-12-27 16:29:52 test vectors context"
    data = bytes(i % 251 for i in range(3073))
    kept = {
        0: (
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
            "92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26",
            "2cc39783c223154fea8dfb7c1b1660f2ac2dcbd1c1de8277b0b0dd39b7e50d7d",
        ),
        1025: (
            "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444",
            "357dc55de0c7e382c900fd6e320acc04146be01db6a8ce7210b7189bd664ea69",
            "effaa245f065fbf82ac186839a249707c3bddf6d3fdda22d1b95a3c970379bcb",
        ),
        3073: (
            "7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3",
            "68dede9bef00ba89e43f31a6825f4cf433389fedae75c04ee9f0cf16a427c95a",
            "72613c9ec9ff7e40f8f5c173784c532ad852e827dba2bf85b2ab4b76f7079081",
        ),
    }
    last = ("4ed72ea952b603bf", "a50b702c80f3c3c5", "8aa44b2a8e6b14a5")
    for length, begins in kept.items():
        part = data[:length]
        results = blake3.blake3(part, 131), blake3.keyed_hash(key, part, 131), blake3.derive_key(context, part, 131)
        for result, begin, end in zip(results, begins, last):
            assert result[:32] == H(begin), length
            assert result[-8:] == H(end) or length != 3073


def x25519_is_x25519():
    """RFC 7748, sections 5.2 and 6.1."""
    scalar = H("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    point = H("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    assert x25519.x25519(scalar, point) == H("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
    alice = H("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    bob = H("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    shared = H("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    assert x25519.x25519(alice, x25519.public(bob)) == shared == x25519.x25519(bob, x25519.public(alice))


def chacha20_is_chacha20():
    """RFC 8439, section 2.8.2; draft-irtf-cfrg-xchacha-03, sections 2.2.1 and A.3.1."""
    key, ad = bytes(range(0x80, 0xA0)), H("50515253c0c1c2c3c4c5c6c7")
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you "
        b"only one tip for the future, sunscreen would be it."
    )
    sealed = chacha20.seal(key, H("070000004041424344454647"), ad, text)
    assert sealed[:16] + sealed[-16:] == H("d31a8d34648e60db7b86afbc53ef7ec2" "1ae10b594f09e26a7e902ecbd0600691")
    subkey = chacha20.hchacha20(bytes(range(32)), H("000000090000004a0000000031415927"))
    assert subkey == H("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc")
    sealed = chacha20.xseal(key, bytes(range(0x40, 0x58)), ad, text)
    assert sealed[:16] + sealed[-16:] == H("bd6d179d3e83d43b9576579493c0e939" "c0875924c1c7987947deafd8780acf49")


def mlkem_is_mlkem():
    """C2SP/CCTV, the accumulated vectors for ML-KEM-768 of FIPS 203: the first hundred keys,
    encapsulations, openings and refusals, as Go's crypto/mlkem holds them too."""
    size, taken = 64 + 32 + mlkem.CT, shake_128()
    given = shake_128().digest(100 * size)
    for at in range(0, len(given), size):
        seed, m, junk = given[at : at + 64], given[at + 64 : at + 96], given[at + 96 : at + size]
        dk, ek = mlkem.generate(seed)
        ct, ss = mlkem.encapsulate(ek, m)
        assert mlkem.decapsulate(dk, ct) == ss
        taken.update(ek + ct + ss + mlkem.decapsulate(dk, junk))
    assert taken.digest(32) == H("1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415")


NOISE = {
    "KKpsk0": (
        "cb6446644ec2b5f98feac9826aadfc558ed504e3c4b44395b7ad37c773962a96",
        "7144af46873ca3061ca9f2c020b55a8087bba51d2fb7aacec53d39ce6ccf70da0b3e02949a",
    ),
    "XKpsk3": (
        "9137100800712f6768741a8b83e43ece838aafdefafcc755cb4b600f90588ec6",
        "8040fee7bccafbb0ffbeffd38f1df4fdc0ac0c7ec182df49c81245d97838638df46d77158e",
    ),
    "NN": (
        "a621e3943a29c1d984b43727697fbec096107d0b569031ac7e0f1131de19f4f4",
        "6c94a97c5de175c870fb9e8d5c50c59d20752b0695baf24e151011ee46a184a65b444e9d97",
    ),
}


def noise_is_noise():
    """The cacophony vectors: the handshake hash, and the sixth message. Nobody published XKpsk0: XK is
    checked with its psk at the other end, the psk's mixing with KK."""
    noise.PATTERNS["XKpsk3"] = (("", "s"), ("e es", "e ee", "s se psk"))
    psk = b"This is my Austrian perspective!"
    s_i = H("e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1")
    e_i = H("893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a")
    s_r = H("4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893")
    e_r = H("bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b")
    said = "Ludwig von Mises,Murray Rothbard,F. A. Hayek,Carl Menger,Jean-Baptiste Say,Eugen Böhm von Bawerk"
    said = said.encode("latin-1").split(b",")
    for pattern, (handshake_hash, sixth) in NOISE.items():
        i = noise.Handshake(pattern, True, b"John Galt", e_i, s_i, x25519.public(s_r), psk)
        r = noise.Handshake(pattern, False, b"John Galt", e_r, s_r, x25519.public(s_i), psk)
        r.rs = r.rs if pattern == "KKpsk0" else None
        turn = 0
        while i.messages:
            writer, reader = (i, r) if turn % 2 == 0 else (r, i)
            assert reader.read(writer.write(said[turn])) == said[turn]
            turn += 1
        assert i.h == r.h == H(handshake_hash), pattern
        ciphers = [noise.Cipher(key) for key in i.split()]
        sealed = [ciphers[n % 2].seal(b"", said[n]) for n in range(turn, 6)]
        assert sealed[-1] == H(sixth), pattern
    del noise.PATTERNS["XKpsk3"]


CHECKS = (blake3_is_blake3, x25519_is_x25519, chacha20_is_chacha20, noise_is_noise, mlkem_is_mlkem)
