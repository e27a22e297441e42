#!/bin/sh
# Lets two builds of kith talk, an earlier one and this: either invites the other, they write, hand over a
# file and found a group, and the earlier one's home goes on under the later program, and back.
#
#   tests/versions.sh OLD NEW       two programs
#   tests/versions.sh COMMIT        builds that commit and what is checked out, in the test profile
#
# What must hold is in docs/PROTOCOL.md, "Versions". Everything stays on loopback.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
homes=""
stop() {
    for home in $homes; do "$new" --home "$home" down > /dev/null 2>&1 || true; done
    rm -rf "$work"
}
say() { echo "versions: $*"; }
fail() { say "$*"; exit 1; }

if [ $# = 1 ]; then
    mkdir "$work/old"
    git -C "$here" archive "$1" | tar -x -C "$work/old"
    ${CARGO:-cargo} build --quiet --locked --manifest-path "$work/old/Cargo.toml" -p kith --target-dir "$work/target"
    ${CARGO:-cargo} build --quiet --locked --manifest-path "$here/Cargo.toml" -p kith
    old=$work/target/debug/kith new=$here/target/debug/kith
else
    old=$1 new=$2
fi
trap stop EXIT
export LANG=C.UTF-8

# Starts a node: program, name.
start() { "$1" --home "$work/$2" up > "$work/up.$2" 2>&1 || fail "$2 does not start: $(cat "$work/up.$2")"; }
born() {
    homes="$homes $work/$2"
    "$1" --home "$work/$2" init --no-passphrase > /dev/null 2>&1
    # A port of its own, on loopback, and no beacons.
    "$1" --home "$work/$2" config set net.listen "127.0.0.1:0" > /dev/null
    start "$1" "$2"
}
# Who invites, with which program, and who accepts.
friends() {
    "$1" --home "$work/$2" invite --as "$4" --file "$work/code.$2.$4" > /dev/null 2>&1
    "$3" --home "$work/$4" accept --as "$2" --file "$work/code.$2.$4" > /dev/null
}
# Says something and waits until it is read on the other side.
says() {
    "$1" --home "$work/$2" send --wait=60s "$4" "$5" > "$work/sent" 2>&1 || fail "$2 to $4: $(cat "$work/sent")"
    "$3" --home "$work/$4" inbox | grep -q -F "$5" || fail "$4 does not read: $5"
}

born "$old" zoe
born "$new" bob
born "$new" anne
friends "$old" zoe "$new" bob
friends "$new" anne "$old" zoe
friends "$new" anne "$new" bob
says "$old" zoe "$new" bob "réunion à 18 h"
says "$new" bob "$old" zoe "j’y serai"
says "$new" anne "$old" zoe "moi aussi"
say "either invites the other, and they write"

# The first that is asked about, by its number: program, name, pattern.
asked() {
    for _ in $(seq 300); do
        "$1" --home "$work/$2" waiting > "$work/waiting"
        id=$(sed -n "s/.*waiting yes \([0-9]*\).*/\1/p" "$work/waiting" | head -n 1)
        [ -n "$id" ] && return
        sleep 0.1
    done
    fail "$2 is not asked"
}
# Sends 70,000 bytes: program, name, program, name.
hands_over() {
    head -c 70000 /dev/urandom > "$work/picture"
    "$1" --home "$work/$2" send "$4" --file "$work/picture" > /dev/null 2>&1
    asked "$3" "$4"
    "$3" --home "$work/$4" waiting yes "$id" > /dev/null
    "$3" --home "$work/$4" file save --wait=60s "$id" "$work/got.$4" > /dev/null 2>&1
    cmp "$work/picture" "$work/got.$4" || fail "$4 has another file"
    rm "$work/got.$4"
}
hands_over "$old" zoe "$new" bob
hands_over "$new" bob "$old" zoe
say "files go both ways"

"$old" --home "$work/zoe" group new assemblée --with bob,anne > /dev/null 2>&1
for name in bob anne; do
    asked "$new" "$name"
    "$new" --home "$work/$name" waiting yes "$id" --as assemblée > /dev/null
done
for _ in $(seq 300); do
    "$old" --home "$work/zoe" group list --json | grep -q '"members":3' && break
    sleep 0.1
done
# Says something to the group and waits until the others read it: program, name, words.
tells() {
    "$1" --home "$work/$2" send --wait=60s assemblée "$3" > "$work/sent" 2>&1 || fail "$2 to all: $(cat "$work/sent")"
    for other in zoe bob anne; do
        [ "$other" = "$2" ] && continue
        program=$new; [ "$other" = zoe ] && program=$of_zoe
        "$program" --home "$work/$other" inbox | grep -q -F "$3" || fail "$other does not read: $3"
    done
}
of_zoe=$old
tells "$old" zoe "on commence ?"
tells "$new" bob "oui"
say "a group of both talks"

# The earlier home goes on under the later program, with what was not read and what did not leave.
"$old" --home "$work/zoe" send --wait=60s bob "lu plus tard" > /dev/null 2>&1
"$new" --home "$work/bob" send --wait=60s zoe "pas encore lu" > /dev/null 2>&1
"$new" --home "$work/bob" down > /dev/null
"$old" --home "$work/zoe" send bob "écrit avant" > /dev/null 2>&1
"$old" --home "$work/zoe" down > /dev/null
of_zoe=$new
start "$new" zoe
start "$new" bob
"$new" --home "$work/zoe" inbox | grep -q "pas encore lu" || fail "what was not read is lost"
says "$new" zoe "$new" bob "même endroit, autre programme"
"$new" --home "$work/bob" history zoe | grep -q "écrit avant" || fail "what waited is lost"
says "$new" anne "$new" zoe "toujours là ?"
tells "$new" zoe "on continue"
say "the home of $("$old" --version) goes on under $("$new" --version), another build"

# And back: it opens, or one sentence says why not, and the later program finds all as it was.
"$new" --home "$work/zoe" down > /dev/null
if "$old" --home "$work/zoe" up > "$work/back" 2>&1; then
    says "$old" zoe "$new" bob "revenue en arrière"
    "$old" --home "$work/zoe" down > /dev/null
    say "and goes back"
else
    say "does not go back: $(head -n 1 "$work/back")"
fi
start "$new" zoe
says "$new" bob "$new" zoe "et de nouveau"
say "nothing is lost"
