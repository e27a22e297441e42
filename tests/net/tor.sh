#!/bin/sh
# Two nodes whose profile is tor-only, on a private Tor network of this machine: friends by an invitation
# that names an onion, talk, Tor killed and started again, both nodes started again. Meanwhile every packet
# on the machine's cable is captured: there must be none, nor a socket beyond loopback. Needs root,
# network namespaces, tor, tor-gencert and tcpdump; says so, and ends with 0, where one is missing. About
# two minutes. The first argument is the program, target/debug/kith if none.
set -eu
cd "$(dirname "$0")/../.."
kith="$(realpath "${1:-target/debug/kith}")"
ns=kith-tor-$$ outside=kith-out-$$

for tool in tor tor-gencert tcpdump ss; do
    command -v "$tool" >/dev/null || { echo "not run: $tool is missing here"; exit 0; }
done
if [ "$(id -u)" -ne 0 ] || ! ip netns add "$ns" 2>/dev/null; then
    echo "not run: no network namespaces may be made here"
    exit 0
fi
ip netns add "$outside"
home=$(mktemp -d)
clear() {
    exec 2>/dev/null
    # Whoever lives in the namespaces is ours.
    for all in $(ip netns pids "$ns") $(ip netns pids "$outside"); do kill -9 "$all" 2>/dev/null || true; done
    ip netns del "$ns"
    ip netns del "$outside"
    rm -rf "$home"
}
trap clear EXIT
trap 'exit 1' INT TERM
inside() { ip netns exec "$ns" "$@"; }
fail() { echo "failed: $1"; exit 1; }
# A condition holds within so many seconds.
within() {
    seconds=$1
    shift
    for _ in $(seq $((seconds * 5))); do
        "$@" && return 0
        sleep 0.2
    done
    return 1
}
ms() { echo $(($(date +%s%N) / 1000000)); }

# A cable out, with a way to everywhere: what would leave, leaves here.
ip -n "$ns" link set lo up
ip -n "$ns" link add cable type veth peer name cable netns "$outside"
inside sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip netns exec "$outside" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n "$ns" addr add 10.84.0.1/24 dev cable
ip -n "$outside" addr add 10.84.0.2/24 dev cable
ip -n "$ns" link set cable up
ip -n "$outside" link set cable up
ip -n "$ns" route add default via 10.84.0.2
ip netns exec "$outside" tcpdump -i cable -nn -U -w "$home/capture" 2>"$home/tcpdump" &
within 10 grep -q listening "$home/tcpdump" || fail "no capture"

# Tor: three authorities, three relays, a client for each node.
for n in 1 2 3; do
    keys="$home/authority$n/keys"
    mkdir -p "$keys"
    echo kith | tor-gencert --create-identity-key --passphrase-fd 0 -m 12 -a "127.0.0.1:700$n" \
        -i "$keys/authority_identity_key" -s "$keys/authority_signing_key" \
        -c "$keys/authority_certificate" >/dev/null 2>&1
done
: >"$home/empty"
for n in 1 2 3; do
    dir="$home/authority$n"
    chmod 700 "$dir"
    print=$(tor --quiet --list-fingerprint --ORPort 1 --DataDirectory "$dir" -f "$home/empty" \
        --DirAuthority "x 127.0.0.1:1 ffffffffffffffffffffffffffffffffffffffff" | sed 's/^[^ ]* //; s/ //g')
    ident=$(sed -n 's/^fingerprint //p' "$dir/keys/authority_certificate")
    echo "DirAuthority authority$n orport=500$n no-v2 v3ident=$ident 127.0.0.1:700$n $print" >>"$home/network"
done
cat >>"$home/network" <<END
TestingTorNetwork 1
Address 127.0.0.1
AssumeReachable 1
UseDefaultFallbackDirs 0
ExitPolicy reject *:*
SafeLogging 0
END
torrc() {
    mkdir -p "$home/$1"
    chmod 700 "$home/$1"
    { echo "DataDirectory $home/$1"; echo "Log notice file $home/$1.log"; echo "PidFile $home/$1.pid"; cat "$home/network" -; } >"$home/$1.torrc"
}
tor_up() { inside tor --quiet -f "$home/$1.torrc" & }
for n in 1 2 3; do
    torrc "authority$n" <<END
Nickname authority$n
ContactInfo nobody
SocksPort 0
OrPort 127.0.0.1:500$n
DirPort 127.0.0.1:700$n
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
V3AuthVotingInterval 10 seconds
V3AuthVoteDelay 2 seconds
V3AuthDistDelay 2 seconds
TestingV3AuthInitialVotingInterval 5 seconds
TestingV3AuthInitialVoteDelay 2 seconds
TestingV3AuthInitialDistDelay 2 seconds
TestingDirAuthVoteExit *
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingMinExitFlagThreshold 0
END
    torrc "relay$n" <<END
Nickname relay$n
SocksPort 0
OrPort 127.0.0.1:600$n
END
done
# One is told of us at a port, the other by a socket; both want the cookie.
torrc anne <<END
SocksPort 127.0.0.1:9051
ControlPort 127.0.0.1:9061
CookieAuthentication 1
END
torrc bob <<END
SocksPort 127.0.0.1:9052
ControlSocket $home/bob/control
CookieAuthentication 1
END
for each in authority1 authority2 authority3 relay1 relay2 relay3; do tor_up $each; done

node() { who=$1; shift; inside "$kith" --home "$home/node-$who" --lang en "$@"; }
settings() { printf '[net]\nprofile = "tor-only"\nsocks = "%s"\ncontrol = "%s"\n' "$2" "$3" >"$home/node-$1/config.toml"; }
tor_is() { node "$1" --json status 2>/dev/null | grep -q "\"tor\":{\"state\":\"$2\""; }
online() { node "$1" --json contact list | grep -q "\"online\":$2"; }
for who in anne bob; do node $who --quiet init --no-passphrase >/dev/null; done
settings anne 127.0.0.1:9051 127.0.0.1:9061
settings bob 127.0.0.1:9052 "$home/bob/control"
node anne up >/dev/null
node bob up >/dev/null
within 5 tor_is anne missing || fail "anne's node does not say that Tor is missing"
node anne doctor --net | grep -q "nobody answers at its control port" || fail "doctor does not say it"
tor_up anne
tor_up bob
began=$(ms)
within 120 tor_is anne published || fail "anne's service is not published: $(node anne status)"
within 60 tor_is bob published || fail "bob's service is not published: $(node bob status)"
echo "both published $(($(ms) - began)) ms after their Tor was started"

node anne invite --as bob >"$home/code" 2>/dev/null
began=$(ms)
node bob accept --as anne --file "$home/code" >/dev/null 2>&1
within 60 online anne true || fail "they do not become friends"
within 60 online bob true || fail "they do not become friends"
echo "friends $(($(ms) - began)) ms after the invitation was taken"
for n in 1 2 3 4 5; do
    began=$(ms)
    node anne --quiet send bob "salut $n" --wait=60s >/dev/null 2>&1 || fail "nothing arrives"
    echo "delivered in $(($(ms) - began)) ms"
done

# Every socket of both nodes, while they talk.
inside ss -Htunap | grep "\"$(basename "$kith" | cut -c1-15)\"" >"$home/sockets" || true
[ -s "$home/sockets" ] || fail "no socket is found: this shows nothing"
grep -v '^tcp .*127\.0\.0\.1:[0-9]* *127\.0\.0\.1:[0-9*]' "$home/sockets" |
    grep -v '^tcp *LISTEN.*127\.0\.0\.1:' && fail "a socket beyond loopback"
echo "$(wc -l <"$home/sockets") sockets, all on loopback, none of them UDP"

kill -9 "$(cat "$home/bob.pid")"
within 20 tor_is bob missing || fail "bob's node does not notice that Tor is gone"
within 90 online bob false || fail "bob believes in a link that is gone"
within 90 online anne false || fail "anne believes in a link that is gone"
node anne send bob "pendant la panne" >/dev/null 2>&1 || true
tor_up bob
began=$(ms)
within 90 tor_is bob published || fail "the service does not come back"
echo "published again $(($(ms) - began)) ms after Tor was"
within 180 node anne send bob "encore là" --wait=60s >/dev/null || fail "they do not find each other again"
node bob inbox | grep -q "pendant la panne" || fail "what was said meanwhile is lost"
echo "and friends again after $(($(ms) - began)) ms"

for who in anne bob; do node $who down >/dev/null; done
for who in anne bob; do node $who up >/dev/null; done
within 60 tor_is anne published || fail "no service after a restart"
node anne send bob "après" --wait=150s >/dev/null || fail "another address after a restart"
echo "the same addresses after both nodes were started again"

packets() { tcpdump -nn -r "$home/capture" 2>/dev/null | wc -l; }
[ "$(packets)" -eq 0 ] || { tcpdump -nn -r "$home/capture" | head; fail "something left"; }
# Could it have seen one?
inside bash -c 'echo x >/dev/udp/10.84.0.9/53' || true
left() { [ "$(packets)" -gt 0 ]; }
within 10 left || fail "the capture sees nothing at all: this shows nothing"
echo "not one packet left the machine"
