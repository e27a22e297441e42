#!/bin/sh
# A new node, which has no friends, on a cable with a way to everywhere: in a minute it sends not one packet.
# Needs root and Linux network namespaces; says so, and ends with 0, where they are missing. The first
# argument is the program, target/debug/kith if none.
set -eu
cd "$(dirname "$0")/../.."
kith="$(realpath "${1:-target/debug/kith}")"
ns=kith-fresh-$$ outside=kith-beyond-$$ # several may run

. tests/net/may.sh
may
ip netns add "$ns"
home=$(mktemp -d)
clear() {
    node down >/dev/null 2>&1 || true
    ip netns del "$ns" 2>/dev/null || true
    ip netns del "$outside" 2>/dev/null || true
    rm -rf "$home"
}
trap clear EXIT
ip netns add "$outside"
inside() { ip netns exec "$ns" "$@"; }
node() { inside "$kith" --home "$home/node" --lang en "$@"; }
fail() { echo "failed: $1"; exit 1; }
sent() { inside cat /sys/class/net/cable/statistics/tx_packets; }

# What the kernel says by itself about IPv6 is not the node's.
for each in "$ns" "$outside"; do
    ip netns exec "$each" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
done
ip -n "$ns" link set lo up
ip -n "$ns" link add cable type veth peer name cable netns "$outside"
ip -n "$ns" addr add 10.85.0.1/24 dev cable
ip -n "$outside" addr add 10.85.0.2/24 dev cable
ip -n "$outside" link set cable up
ip -n "$ns" link set cable up
ip -n "$ns" route add default via 10.85.0.2

before=$(sent)
node --quiet init --no-passphrase >/dev/null
node up >/dev/null
sleep 60 # what is looked at is a minute
node --json status | grep -q '"locked":false' || fail "the node does not run"
[ "$(sent)" -eq "$before" ] || fail "it sent $(($(sent) - before)) packets"
# Would they have been counted?
inside bash -c 'echo x >/dev/udp/10.85.0.2/9'
[ "$(sent)" -gt "$before" ] || fail "nothing is counted: this shows nothing"
echo "a node without friends sent nothing in a minute"
