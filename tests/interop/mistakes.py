#!/usr/bin/env python3
"""Whether the replay can fail: every label, every order of fields that it uses is got wrong once, alone,
and each time some line of the replay must break. Ends with 1 at the first mistake that goes unseen."""

import sys

import blake3
import notation
import replay

# What one side compares with what it kept itself: nobody else can see it.
LOCAL = {"kith 2026 v1 kem field"}

derive_key, fields = blake3.derive_key, notation.fields


def mistakes():
    """All contexts, first literals and shapes of more than one field that an honest replay uses."""
    seen = {}

    def watch_key(context, material, length=32):
        if context not in LOCAL:
            seen["label", context] = True
        return derive_key(context, material, length)

    def watch_fields(parts):
        if len(parts) > 1:
            seen["order", shape(parts)] = True
        return fields(parts)

    if not attempt(watch_key, watch_fields):
        sys.exit("the replay fails by itself")
    return list(seen)


def shape(parts):
    literal = parts[0] if len(parts[0]) < 8 else b""
    return literal.decode("latin1"), tuple(len(part) for part in parts)


def attempt(with_key, with_fields):
    """Whether the replay of everything but the primitives goes through."""
    blake3.derive_key, notation.fields = with_key, with_fields
    try:
        for _, file, construction in replay.CONSTRUCTIONS:
            if file:
                construction(replay.read(file))
    except Exception:
        return False
    finally:
        blake3.derive_key, notation.fields = derive_key, fields
    return True


def goes_unseen(kind, which):
    def wrong_key(context, material, length=32):
        return derive_key(context + ("?" if (kind, which) == ("label", context) else ""), material, length)

    def wrong_fields(parts):
        if len(parts) > 1 and (kind, which) == ("order", shape(parts)) and parts[-1] != parts[-2]:
            parts = (*parts[:-2], parts[-1], parts[-2])
        return fields(parts)

    return attempt(wrong_key, wrong_fields)


def main():
    tried = mistakes()
    for kind, which in tried:
        if goes_unseen(kind, which):
            print(f"a wrong {kind} goes unseen: {which}")
            return 1
    print(f"{len(tried)} mistakes, each seen")
    return 0


if __name__ == "__main__":
    sys.exit(main())
