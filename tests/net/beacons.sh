#!/bin/sh
# Two nodes on a cable without any way out, whose addresses changed while they were off: only beacons
# can bring them together. Then the same with beacons off, which must not. A third node without friends
# must not join the group, and a meeting must be found without its address. Needs root and Linux network namespaces; says so, and ends with 0, where
# they are missing. The first argument is the program, target/debug/kith if none.
set -eu
cd "$(dirname "$0")/../.."
kith="$(realpath "${1:-target/debug/kith}")"
id=$$ # several may run
a=kith-a-$id b=kith-b-$id c=kith-c-$id
group=694BFFEF # 239.255.75.105 as /proc writes it

. tests/net/may.sh
may
ip netns add "$a"
home=$(mktemp -d)
clear() {
    for ns in "$a" "$b" "$c"; do
        ip netns exec "$ns" "$kith" --home "$home/$ns" down >/dev/null 2>&1 || true
        ip netns del "$ns" 2>/dev/null || true
    done
    rm -rf "$home"
}
trap clear EXIT
ip netns add "$b"
ip netns add "$c"

in_ns() { ns=$1; shift; ip netns exec "$ns" "$kith" --home "$home/$ns" --lang en "$@"; }
settings() { printf '[net]\nlisten = ["0.0.0.0:%s"]\nbeacons = %s\n' "$2" "$3" >"$home/$1/config.toml"; }
both() { in_ns "$a" "$@" >/dev/null; in_ns "$b" "$@" >/dev/null; }
fail() { echo "failed: $1"; exit 1; }
# The friend is online within so many seconds.
online() {
    for _ in $(seq "$2"); do
        in_ns "$1" --json contact list | grep -q '"online":true' && return 0
        sleep 1
    done
    return 1
}

for ns in "$a" "$b" "$c"; do
    ip -n "$ns" link set lo up
    in_ns "$ns" --quiet init --no-passphrase >/dev/null
done
ip -n "$a" link add cable type veth peer name cable netns "$b"
for end in "$a:1" "$b:2"; do
    ip -n "${end%:*}" addr add "10.83.0.${end#*:}/24" dev cable
    ip -n "${end%:*}" link set cable up
done
ip -n "$c" link add cable type veth peer name other
ip -n "$c" addr add 10.83.0.3/24 dev cable
ip -n "$c" link set cable up
ip -n "$c" link set other up
[ -z "$(ip -n "$a" route show default)$(ip -n "$b" route show default)" ] || fail "there is a way out"

settings "$a" 20001 true
settings "$b" 20002 true
both up
in_ns "$a" invite --as bob >"$home/code" 2>/dev/null
in_ns "$b" accept --as anne --file "$home/code" >/dev/null 2>&1
online "$a" 60 || fail "they do not become friends"
both down

moved() {
    for end in "$a:$1" "$b:$2"; do
        ip -n "${end%:*}" addr flush dev cable
        ip -n "${end%:*}" addr add "10.83.0.${end#*:}/24" dev cable
    done
}
moved 11 12
settings "$a" 20001 false
settings "$b" 20002 false
both up
online "$a" 15 && fail "they found each other without beacons: this shows nothing"
both down

settings "$a" 20001 true
settings "$b" 20002 true
both up
began=$(date +%s%N)
online "$a" 60 || fail "no beacon brought them together"
echo "found each other $((($(date +%s%N) - began) / 1000000)) ms after both were up"
ip netns exec "$a" grep -q "$group" /proc/net/igmp || fail "the group is another one"

# While they run: the old addresses go, the links with them.
moved 21 22
in_ns "$a" send bob "encore là" --wait=100s >/dev/null || fail "moved nodes do not meet again"
echo "and again after both moved while they ran"

mkfifo "$home/anne" "$home/bob"
exec 3<>"$home/anne" 4<>"$home/bob"
in_ns "$a" meet --nick Anne <"$home/anne" >"$home/anne.screen" &
in_ns "$b" meet --join --nick Bob <"$home/bob" >"$home/bob.screen" 2>"$home/bob.notes" &
for _ in $(seq 20); do
    grep -q '2 computers here: you, ~"Anne"' "$home/bob.screen" && break
    sleep 1
done
grep -q '2 computers here: you, ~"Anne"' "$home/bob.screen" || fail "the meeting is not found"
echo "a meeting is found without its address"
echo /quit >&3
echo /quit >&4
wait

settings "$c" 20003 true
in_ns "$c" up >/dev/null
sleep 5
ip netns exec "$c" grep -q "$group" /proc/net/igmp && fail "a node without friends joined the group"
echo "a node without friends joins nothing"
