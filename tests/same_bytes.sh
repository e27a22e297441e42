#!/bin/sh
# Builds one commit twice, in directories of different names and lengths, with one toolchain, and compares
# the programs byte by byte; then prints their hash.
#
#   tests/same_bytes.sh [COMMIT [PROFILE]]      HEAD and release if not said
#
# Where a build lies would stand in it, in what it says when it panics: --remap-path-prefix takes that out,
# of our own code and of the crates'. Whoever wants to compare with another machine's build sets the same.
set -eu

commit=$(git rev-parse "${1:-HEAD}")
profile=${2:-release}
here=$(cd "$(dirname "$0")/.." && pwd)
crates=${CARGO_HOME:-$HOME/.cargo}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for place in "$work/a" "$work/another/place, further down"; do
    mkdir -p "$place"
    git -C "$here" archive "$commit" | tar -x -C "$place"
    (
        cd "$place"
        sep=$(printf '\037')
        CARGO_ENCODED_RUSTFLAGS="--remap-path-prefix=$place=/kith$sep--remap-path-prefix=$crates=/crates"
        export CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR="$place/target" CARGO_INCREMENTAL=0
        ${CARGO:-cargo} build --quiet --locked -p kith --profile "$profile"
    )
    made=$(find "$place/target" -maxdepth 2 -type f -name kith)
    if grep -q -F -e "$work" -e "$crates" "$made"; then
        echo "a path of this machine stands in the program"
        exit 1
    fi
    mv "$made" "$work/kith.$(basename "$place" | tr -dc a-z)"
    rm -rf "$place/target"
done
sha256sum "$work"/kith.*
cmp "$work"/kith.* && echo "the same bytes: $commit, $(rustc --version)"
