#!/bin/sh
# Nodes whose profile is tor-only, on a private Tor network of this machine: friends by an invitation
# that names an onion, talk, Tor killed and started again, both nodes started again; then two who are never
# there together, by a third who keeps parcels at her onion, also locked after her power was cut. Meanwhile
# every packet on the machine's cable is captured, and every question for a name on the machine itself:
# there must be none, nor a socket beyond loopback. Needs root, network namespaces, tor, tor-gencert and
# tcpdump; says so, and ends with 0, where one is missing. About a minute. The first argument is the
# program, target/debug/kith if none.
set -eu
cd "$(dirname "$0")/../.."
kith="$(realpath "${1:-target/debug/kith}")"
ns=kith-tor-$$ outside=kith-out-$$

. tests/net/may.sh
may tor tor-gencert tcpdump ss
ip netns add "$ns"
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
ip netns exec "$outside" tcpdump -i cable -nn -U -w "$home/cable" 2>"$home/cable.says" &
inside tcpdump -i lo -nn -U -w "$home/names" port 53 or port 853 or port 5353 2>"$home/names.says" &
for capture in cable names; do
    within 60 grep -q listening "$home/$capture.says" || fail "no capture"
done

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
torrc carole <<END
SocksPort 127.0.0.1:9053
ControlPort 127.0.0.1:9063
CookieAuthentication 1
END
for each in authority1 authority2 authority3 relay1 relay2 relay3; do tor_up $each; done

node() { who=$1; shift; inside "$kith" --home "$home/node-$who" --lang en "$@"; }
settings() { printf '[net]\nprofile = "tor-only"\nsocks = "%s"\ncontrol = "%s"\n' "$2" "$3" >"$home/node-$1/config.toml"; }
tor_is() { node "$1" --json status 2>/dev/null | grep -q "\"tor\":{\"state\":\"$2\""; }
online() { node "$1" --json contact list | grep -q "\"online\":$2"; }
# Every socket of all nodes at this moment: on loopback, and none of UDP.
sockets_stay_here() {
    inside ss -Htunap | grep "\"$(basename "$kith" | cut -c1-15)\"" >"$home/sockets" || true
    [ -s "$home/sockets" ] || fail "no socket is found: this shows nothing"
    grep -v '^tcp .*127\.0\.0\.1:[0-9]* *127\.0\.0\.1:[0-9*]' "$home/sockets" |
        grep -v '^tcp *LISTEN.*127\.0\.0\.1:' && fail "a socket beyond loopback"
    echo "$(wc -l <"$home/sockets") sockets, all on loopback, none of them UDP"
}
for who in anne bob; do node $who --quiet init --no-passphrase >/dev/null; done
settings anne 127.0.0.1:9051 127.0.0.1:9061
settings bob 127.0.0.1:9052 "$home/bob/control"
node anne up >/dev/null
node bob up >/dev/null
within 180 tor_is anne missing || fail "anne's node does not say that Tor is missing"
node anne doctor --net | grep -q "nobody answers at its control port" || fail "doctor does not say it"
tor_up anne
tor_up bob
began=$(ms)
within 180 tor_is anne published || fail "anne's service is not published: $(node anne status)"
within 180 tor_is bob published || fail "bob's service is not published: $(node bob status)"
echo "both published $(($(ms) - began)) ms after their Tor was started"

node anne invite --as bob >"$home/code" 2>/dev/null
began=$(ms)
node bob accept --as anne --file "$home/code" >/dev/null 2>&1
within 180 online anne true || fail "they do not become friends"
within 180 online bob true || fail "they do not become friends"
echo "friends $(($(ms) - began)) ms after the invitation was taken"
for n in 1 2 3 4 5; do
    began=$(ms)
    node anne --quiet send bob "salut $n" --wait=180s >/dev/null 2>&1 || fail "nothing arrives"
    echo "delivered in $(($(ms) - began)) ms"
done

sockets_stay_here

kill -9 "$(cat "$home/bob.pid")"
within 180 tor_is bob missing || fail "bob's node does not notice that Tor is gone"
within 180 online bob false || fail "bob believes in a link that is gone"
within 180 online anne false || fail "anne believes in a link that is gone"
node anne send bob "pendant la panne" >/dev/null 2>&1 || true
tor_up bob
began=$(ms)
within 180 tor_is bob published || fail "the service does not come back"
echo "published again $(($(ms) - began)) ms after Tor was"
node anne send bob "encore là" --wait=300s >/dev/null || fail "they do not find each other again"
node bob inbox | grep -q "pendant la panne" || fail "what was said meanwhile is lost"
echo "and friends again after $(($(ms) - began)) ms"

for who in anne bob; do node $who down >/dev/null; done
for who in anne bob; do node $who up >/dev/null; done
within 180 tor_is anne published || fail "no service after a restart"
node anne send bob "après" --wait=180s >/dev/null || fail "another address after a restart"
echo "the same addresses after both nodes were started again"

# Carole keeps for Bob. Anne does not know her, and is never there when Bob is.
echo "personne ne la sait ici" >"$home/secret"
chmod 600 "$home/secret"
node carole --quiet init --cheap --passphrase-file "$home/secret" >/dev/null
settings carole 127.0.0.1:9053 127.0.0.1:9063
tor_up carole
node carole --passphrase-file "$home/secret" up >"$home/carole.up"
within 180 tor_is carole published || fail "carole's service is not published"
node carole invite --as bob >"$home/code" 2>/dev/null
node bob accept --as carole --file "$home/code" >/dev/null 2>&1
within 180 online carole true || fail "bob and carole do not become friends"
node carole mailbox offer bob >/dev/null
node bob mailbox ask carole >/dev/null
may_leave() { node anne --json token list | grep -q '"held":\[{'; }
within 180 may_leave || fail "anne may leave nothing with carole"

node bob down >/dev/null
within 180 online anne false || fail "anne believes in a link that is gone"
began=$(ms)
node anne send bob "en ton absence" --wait=180s --at-least kept >/dev/null || fail "nothing is kept"
echo "kept at an onion $(($(ms) - began)) ms after it was said"

# Her power is cut; the machine comes back alone, and nobody is there to type anything.
pid=$(sed 's/.*(pid \([0-9]*\)).*/\1/' "$home/carole.up")
kill -9 "$pid"
# The system takes a moment to take back what it had.
is_gone() { [ -z "$(ls "/proc/$pid/fd" 2>/dev/null)" ]; }
within 60 is_gone || fail "carole's node does not die"
node carole --no-input up >/dev/null
node carole --json status | grep -q '"locked":true' || fail "carole's node is not locked"
within 180 tor_is carole published || fail "a locked keeper has no service"
began=$(ms)
node anne send bob "et encore" --wait=300s --at-least kept >/dev/null || fail "nothing is kept by who is locked"
echo "kept by who is locked $(($(ms) - began)) ms after it was said"
sockets_stay_here
node anne down >/dev/null
began=$(ms)
node bob up >/dev/null
both_came() { [ "$(node bob --json inbox --peek | grep -o '"text":"[^"]*"' | tail -n 2 | cut -d'"' -f4 | tr '\n' /)" = "en ton absence/et encore/" ]; }
within 300 both_came || fail "bob does not get what is kept: $(node bob --json inbox --peek)"
echo "fetched from who is locked $(($(ms) - began)) ms after bob was back"
node carole --json status | grep -q '"locked":true' || fail "carole's node is not locked any more"

packets() { tcpdump -nn -r "$home/$1" 2>/dev/null | wc -l; }
for capture in cable names; do
    [ "$(packets $capture)" -eq 0 ] || { tcpdump -nn -r "$home/$capture" | head; fail "something left"; }
done
# Could they have seen one?
inside bash -c 'echo x >/dev/udp/10.84.0.9/53; echo x >/dev/udp/127.0.0.1/53' || true
seen() { [ "$(packets "$1")" -gt 0 ]; }
for capture in cable names; do
    within 10 seen $capture || fail "the capture sees nothing at all: this shows nothing"
done
echo "not one packet left the machine, and no name was looked up"
