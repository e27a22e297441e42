#!/usr/bin/env python3
"""Keeps of a target's corpus and of what was found the fewest files that reach what all of them
reach, without those that add a single edge. `README.md` says when.

    ./trim.py friend          writes corpus/friend anew
"""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BYTES_MAX = 64 * 1024
EDGES_MIN = 2


def features(target, folders):
    """Each file, and the edges that it reaches."""
    with tempfile.TemporaryDirectory() as scratch:
        notes = pathlib.Path(scratch, "notes")
        options = ["-set_cover_merge=1", "-use_counters=0", f"-max_len={BYTES_MAX}"]
        command = [HERE / "target/release" / target, *options, f"-merge_control_file={notes}"]
        subprocess.run([*command, scratch, *folders], stderr=subprocess.DEVNULL, check=True)
        count, _, *lines = notes.read_text().splitlines()
    names, reached = lines[: int(count)], {}
    for line in lines[int(count) :]:
        kind, index, *edges = line.split()
        if kind == "FT":
            reached[pathlib.Path(names[int(index)])] = set(edges)
    return reached


def cover(reached):
    """The files that add most come first; of equals, the shortest."""
    left, covered = dict(reached), set()
    while left:
        best = max(left, key=lambda file: (len(left[file] - covered), -file.stat().st_size))
        if len(left[best] - covered) < EDGES_MIN:
            return
        covered |= left.pop(best)
        yield best


def main(target):
    corpus, found = HERE / "corpus" / target, HERE / "found" / target
    reached = features(target, [corpus] + [found] * found.is_dir())
    kept = {file.name: file.read_bytes() for file in cover(reached)}
    # What has a name was once found to fail; all others have a number.
    named = [file for file in corpus.iterdir() if "-" in file.name]
    kept |= {file.name: file.read_bytes() for file in named}
    for file in corpus.iterdir():
        file.unlink()
    for name, content in kept.items():
        (corpus / name).write_bytes(content)
    print(target, len(reached), "->", len(kept), "files")


if __name__ == "__main__":
    main(sys.argv[1])
