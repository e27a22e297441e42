#!/bin/sh
# Two people behind home routers that masquerade from a port of their own for each connection, and a third
# with an address of her own, in network namespaces: they talk through a network that is cut and heals, that
# loses a fifth of all packets, and while addresses change under them; and the two through the third, who is
# a friend of both, until they find a way of their own. Every message arrives, once, in order. Needs root, Linux network
# namespaces, ss and nft; says so, and ends with 0, where they are missing. About a minute. The first
# argument is the program, target/debug/kith if none.
set -eu
cd "$(dirname "$0")/../.."
kith="$(realpath "${1:-target/debug/kith}")"
id=$$ # several may run
wide=kith-wide-$id ra=kith-ra-$id rb=kith-rb-$id a=kith-a-$id b=kith-b-$id c=kith-c-$id
all="$wide $ra $rb $a $b $c"

. tests/net/may.sh
may nft ss
ip netns add "$wide"
if ! ip netns exec "$wide" nft list ruleset >/dev/null 2>&1; then
    ip netns del "$wide"
    echo "not run: nft is missing or may not be used here"
    exit 0
fi
home=$(mktemp -d)
clear() {
    for ns in $all; do
        ip netns exec "$ns" "$kith" --home "$home/$ns" down >/dev/null 2>&1 || true
        ip netns del "$ns" 2>/dev/null || true
    done
    rm -rf "$home"
}
trap clear EXIT
for ns in $ra $rb $a $b $c; do ip netns add "$ns"; done
for ns in $all; do
    ip -n "$ns" link set lo up
    # A second address stays when the first one goes.
    ip netns exec "$ns" sh -c 'echo 1 >/proc/sys/net/ipv4/conf/all/promote_secondaries'
done

in_ns() { ns=$1; shift; ip netns exec "$ns" "$kith" --home "$home/$ns" --lang en "$@"; }
fail() { echo "failed: $1"; exit 1; }
ms() { echo $(($(date +%s%N) / 1000000)); }

# The wide network is one bridge, on which everybody has a public address.
ip -n "$wide" link add hub type bridge
ip -n "$wide" link set hub up
plug() { # namespace, address
    ip -n "$wide" link add "port${2##*.}" type veth peer name out netns "$1"
    ip -n "$wide" link set "port${2##*.}" master hub up
    ip -n "$1" addr add "$2/24" dev out
    ip -n "$1" link set out up
}
plug "$ra" 198.51.100.1
plug "$rb" 198.51.100.2
plug "$c" 198.51.100.3

# A house: a router that masquerades, and one computer behind it.
house() { # router, computer, network, how
    ip -n "$1" link add in type veth peer name lan netns "$2"
    ip -n "$1" addr add "$3.1/24" dev in
    ip -n "$1" link set in up
    ip -n "$2" addr add "$3.2/24" dev lan
    ip -n "$2" link set lan up
    ip -n "$2" route add default via "$3.1"
    ip netns exec "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
    ip netns exec "$1" nft -f - <<NFT
table ip house {
    chain out { type nat hook postrouting priority 100; oifname "out" masquerade $4; }
    chain in { type filter hook forward priority 0; iifname "out" ct state new drop; }
}
NFT
}
house "$ra" "$a" 192.168.1 random,fully-random
house "$rb" "$b" 192.168.2 random,fully-random

# Anne and Bob once sat at one table.
sit_down() {
    ip -n "$a" link add table type veth peer name table netns "$b"
    for end in "$a:1" "$b:2"; do
        ip -n "${end%:*}" addr add "10.9.9.${end#*:}/24" dev table
        ip -n "${end%:*}" link set table up
    done
}
sit_down

port=20001
for ns in $a $b $c; do
    in_ns "$ns" --quiet init --no-passphrase >/dev/null
    printf '[net]\nlisten = ["0.0.0.0:%s"]\n' "$port" >"$home/$ns/config.toml"
    in_ns "$ns" up >/dev/null
    port=$((port + 1))
done

befriend() { # host, her name for the guest, guest, his name for the host, her address
    in_ns "$1" invite --as "$2" --at "$5" >"$home/code" 2>/dev/null
    in_ns "$3" accept --as "$4" --file "$home/code" >/dev/null 2>&1
    for _ in $(seq 120); do
        in_ns "$3" --json contact show "$4" | grep -q '"online":true' && return 0
        sleep 0.5
    done
    fail "$2 and $4 do not become friends"
}
befriend "$c" anne "$a" carole 198.51.100.3:20003
befriend "$c" bob "$b" carole 198.51.100.3:20003
befriend "$a" bob "$b" anne 10.9.9.1:20001
# With a second link friends are told what leads to them through others.
for ns in $a $b; do
    in_ns "$ns" down >/dev/null
    in_ns "$ns" up >/dev/null
done
greeting() { in_ns "$1" --quiet send "$2" "hello" --wait=120s >/dev/null 2>&1 || fail "no second link"; }
greeting "$a" bob
greeting "$b" anne
greeting "$a" carole
greeting "$b" carole
ip -n "$a" link del table
echo "friends, two of them behind routers"

# So many lines each way between two; `arrived` waits until all are there, once, in order.
told=0
say() { # from, to, count
    for n in $(seq "$3"); do in_ns "$1" --quiet send "$2" "line $((told + n))" >/dev/null 2>&1; done
    told=$((told + $3))
}
arrived() { # at, from, first line, how many, seconds
    for n in $(seq "$4"); do echo "line $(($3 + n))"; done >"$home/want"
    for _ in $(seq $(($5 * 2))); do
        in_ns "$1" --json inbox --peek --from "$2" 2>/dev/null |
            grep -o '"text":"[^"]*"' | cut -d'"' -f4 | tail -n "$4" >"$home/came" || true
        cmp -s "$home/want" "$home/came" && return 0
        sleep 0.5
    done
    diff "$home/want" "$home/came" | head -5
    fail "$6"
}
both_ways() { # a computer, her name, his name for the other, seconds, what it is about
    before=$told
    say "$1" "$3" 5
    arrived "$c" "$2" "$before" 5 "$4" "$5"
    before=$told
    say "$c" "$2" 5
    arrived "$1" "$3" "$before" 5 "$4" "$5"
}

both_ways "$a" anne carole 60 "nothing comes through the router"
both_ways "$b" bob carole 60 "nothing comes through the router"
echo "messages go both ways through a router"

# Nothing leads from one house into the other, and both reach Carole.
began=$(ms)
before=$told
say "$a" bob 5
arrived "$b" anne "$before" 5 60 "nothing goes through the friend of both"
echo "through a friend of both: all there after $(($(ms) - began)) ms"
before=$told
say "$b" anne 5
arrived "$a" bob "$before" 5 60 "nothing comes back through her"
in_ns "$c" --json inbox --peek | grep -q "line $((before + 1))\"" && fail "carole read it"

# They sit down again while they talk: she is not needed any more, and nobody notices.
before=$told
say "$a" bob 3
sit_down
say "$a" bob 3
arrived "$b" anne "$before" 6 120 "something is lost when they find a way of their own"
at_the_table() { ip netns exec "$a" ss -Htn state established | grep -q '10\.9\.9\.1.*10\.9\.9\.2'; }
for _ in $(seq 240); do at_the_table && break; sleep 0.5; done
at_the_table || fail "they still speak through carole"

drop() { # namespace, rule
    ip netns exec "$1" nft -f - <<NFT
table ip weather {
    chain in { type filter hook prerouting priority -300; $2; }
    chain out { type filter hook postrouting priority -300; $2; }
}
NFT
}
heal() { ip netns exec "$1" nft delete table ip weather; }

drop "$c" drop
before=$told
say "$b" anne 3
arrived "$a" bob "$before" 3 60 "they do not speak without carole"
heal "$c"
ip -n "$a" link del table
echo "at one table: they speak without her"

drop "$c" drop
before=$told
say "$a" carole 3
sleep 4
[ "$(in_ns "$c" --json inbox --peek --from anne | grep -c "line $told\"")" = 0 ] || fail "the cut is none"
in_ns "$a" why carole
began=$(ms)
heal "$c"
arrived "$c" anne "$before" 3 30 "nothing comes after the cut"
echo "a cut of 4 s: all there $(($(ms) - began)) ms after it"

drop "$c" 'numgen random mod 100 < 20 drop'
both_ways "$b" bob carole 40 "lost for ever where a fifth of the packets is lost"
heal "$c"
echo "a fifth of all packets lost: all there"

# Anne's computer gets another address in her house while they talk: her links are dead and nobody says so.
began=$(ms)
ip -n "$a" addr add 192.168.1.77/24 dev lan
ip -n "$a" addr del 192.168.1.2/24 dev lan
ip -n "$a" route replace default via 192.168.1.1
both_ways "$a" anne carole 45 "moved inside the house and never heard of again"
echo "another address behind the router: talking again after $(($(ms) - began)) ms"

# Carole moves: she has both addresses for a moment, in which her friends learn the new one.
before=$(in_ns "$a" --json contact show carole | grep -o '"addresses":[0-9]*' | head -1)
ip -n "$c" addr add 198.51.100.33/24 dev out
for _ in $(seq 40); do
    [ "$(in_ns "$a" --json contact show carole | grep -o '"addresses":[0-9]*' | head -1)" = "$before" ] || break
    sleep 0.25
done
began=$(ms)
ip -n "$c" addr del 198.51.100.3/24 dev out
before=$told
say "$a" carole 3
say "$b" carole 3
arrived "$c" anne "$before" 3 50 "carole moved, and anne did not hear where"
arrived "$c" bob "$((before + 3))" 3 50 "carole moved, and bob did not hear where"
echo "the reachable one moved: both found her after $(($(ms) - began)) ms"
