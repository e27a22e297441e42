#!/bin/sh
# Two nodes with the settings of a new one, on a cable that knows IPv6 alone: friends, they talk, one moves.
# Then their profile is lan-only: they talk by addresses of the house, and not by those of the world. Needs
# root, IPv6 and Linux network namespaces; says so, and ends with 0, where they are missing. Less than a
# minute. The first argument is the program, target/debug/kith if none.
set -eu
cd "$(dirname "$0")/../.."
kith="$(realpath "${1:-target/debug/kith}")"
id=$$ # several may run
a=kith-six-a-$id b=kith-six-b-$id

. tests/net/may.sh
may
ip netns add "$a"
home=$(mktemp -d)
clear() {
    for ns in "$a" "$b"; do
        in_ns "$ns" down >/dev/null 2>&1 || true
        ip netns del "$ns" 2>/dev/null || true
    done
    rm -rf "$home"
}
trap clear EXIT
ip netns add "$b"
in_ns() { ns=$1; shift; ip netns exec "$ns" "$kith" --home "$home/$ns" --lang en "$@"; }
both() { in_ns "$a" "$@" >/dev/null; in_ns "$b" "$@" >/dev/null; }
fail() { echo "failed: $1"; exit 1; }
number() { case $1 in "$a") echo 1 ;; *) echo 2 ;; esac; }
# The cable's ends have these addresses, and no other that leads anywhere.
are_at() {
    for ns in "$a" "$b"; do
        ip -n "$ns" -6 addr flush dev cable scope global
        ip -n "$ns" addr add "$1$(number "$ns")/64" dev cable nodad
    done
}

ip -n "$a" link add cable type veth peer name cable netns "$b"
for ns in "$a" "$b"; do
    ip -n "$ns" link set lo up
    if ! ip -n "$ns" link set cable up || ! ip -n "$ns" addr add "fd00::$(number "$ns")/64" dev cable nodad 2>/dev/null; then
        echo "not run: this machine knows no IPv6"
        exit 0
    fi
    in_ns "$ns" --quiet init --no-passphrase >/dev/null
done
both up
in_ns "$a" invite --as bob >"$home/code" 2>/dev/null
in_ns "$b" accept --as anne --file "$home/code" >/dev/null 2>&1
in_ns "$a" send bob "par un autre chemin" --wait=60s >/dev/null 2>&1 || fail "they do not become friends"
in_ns "$b" send anne "salut" --wait=60s >/dev/null || fail "nothing comes back"
echo "friends, and they talk"

# New addresses beside the old ones for as long as it takes to say so.
known() { in_ns "$a" --json contact show bob | grep -o '"addresses":[0-9]*' | head -1; }
before=$(known)
ip -n "$b" addr add 2001:db8::2/64 dev cable nodad
for _ in $(seq 240); do [ "$(known)" = "$before" ] || break; sleep 0.25; done
[ "$(known)" != "$before" ] || fail "a new address is not told"
ip -n "$a" addr add 2001:db8::1/64 dev cable nodad
ip -n "$b" addr del fd00::2/64 dev cable
in_ns "$a" send bob "encore là" --wait=120s >/dev/null || fail "moved, and never found again"
echo "and again after one of them moved"

both config set net.profile lan-only
both down
are_at fd00::
both up
in_ns "$a" send bob "à la maison" --wait=120s >/dev/null || fail "not found in the house"
both down
are_at 2001:db8::
both up
in_ns "$a" send bob "dehors" --wait=15s >/dev/null 2>&1 && fail "lan-only speaks to the world"
echo "in the house alone, if that is wanted"
