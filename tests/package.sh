#!/bin/sh
# Builds the Debian package as a stick brings it to somebody, and tries it on a clean Debian without a
# network, started by systemd: its hash compared, installed, its node started by its unit with all its
# walls, used by somebody of the group and by nobody else, killed and back, removed, purged. Wants root,
# cargo-deb, systemd-nspawn and a Debian: `debootstrap --variant=minbase
# --include=systemd,systemd-sysv,dbus bookworm DIR` makes one.
#
#   tests/package.sh ROOT [PROFILE]     PROFILE: release if not said; dev is quick to build
#
# ROOT is copied first and stays as it is. What is to be copied on a stick is left in target/package/stick.
set -eu

root=$1
profile=${2:-release}
here=$(cd "$(dirname "$0")/.." && pwd)
cargo=${CARGO:-cargo}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { echo "package: $*"; }

cd "$here"
made=target/$([ "$profile" = dev ] && echo debug || echo "$profile")
$cargo build --quiet --locked -p kith --profile "$profile"
rm -rf target/package
mkdir -p target/package/man target/package/stick
"$made/kith" man --out target/package/man
"$made/kith" --lang en completions bash > target/package/kith.bash
"$made/kith" --lang en completions zsh > target/package/_kith
"$made/kith" --lang en completions fish > target/package/kith.fish
deb=target/package/stick/kith.deb
$cargo deb --quiet --locked -p kith --profile "$profile" --no-build --output "$deb"
cp docs/fr/install-party.md target/package/stick/LISEZ-MOI.md
cp docs/en/install-party.md target/package/stick/READ-ME.md
(cd target/package/stick && sha256sum kith.deb > kith.deb.sha256)
say "$(stat -c %s "$deb") bytes; for the paper:"
cut -c -64 target/package/stick/kith.deb.sha256 | fold -w 4 | paste -sd '       \n' -

cp -a "$root" "$work/root"
cat > "$work/root/etc/systemd/system/try.service" << 'UNIT'
[Unit]
After=basic.target
[Service]
Type=oneshot
ExecStart=/bin/sh /try.sh
StandardOutput=file:/try.said
StandardError=file:/try.trace
UNIT
mkdir -p "$work/root/etc/systemd/system/multi-user.target.wants"
ln -s ../try.service "$work/root/etc/systemd/system/multi-user.target.wants/try.service"
cat > "$work/root/try.sh" << 'TRY'
set -eux
trap 'systemctl poweroff --no-block' EXIT
say() { echo "package: $*"; }
fail() { say "$*"; exit 1; }
as() { who=$1; shift; setpriv --reuid "$who" --regid "$who" --init-groups env -i LANG=C.UTF-8 PATH=/usr/bin:/bin HOME="/home/$who" "$@"; }
node() { systemctl show kith -p "$1" --value; }
until_is() { for _ in $(seq 200); do [ "$(systemctl is-active kith)" = "$1" ] && return; sleep 0.1; done; fail "is not $1"; }

[ "$(ls /sys/class/net)" = lo ] || fail "there is a network"
cp /stick/* /tmp/
(cd /tmp && sha256sum --quiet --check kith.deb.sha256) || fail "is not what was brought"
dpkg -i /tmp/kith.deb > /tmp/installed 2>&1 || fail "is not installed: $(cat /tmp/installed)"
[ "$(systemctl is-enabled kith)" = enabled ] || fail "does not start with the machine"
[ "$(systemctl is-active kith)" = inactive ] || fail "runs without a home"
for name in alice mallory; do useradd --create-home "$name"; done
usermod --append --groups kith alice
as kith kith --home /var/lib/kith init --no-passphrase > /dev/null
systemctl start kith || fail "does not start: $(journalctl -u kith --no-pager)"
say "installed from a stick without a network, and started by systemd"

as alice kith status > /tmp/status || fail "alice is in the group: $(cat /tmp/status)"
as alice kith contact list --json | grep -q contacts || fail "alice sees no friends"
code=0; as alice kith doctor > /tmp/doctor 2>&1 || code=$?
[ "$code" = 69 ] && grep -q /var/lib/kith /tmp/doctor || fail "who is not the node is not told where to look: $(cat /tmp/doctor)"
as kith kith --home /var/lib/kith doctor > /tmp/doctor || fail "doctor: $(cat /tmp/doctor)"
code=0; as mallory kith status > /tmp/status 2>&1 || code=$?
[ "$code" = 69 ] || fail "mallory is not in the group: $code, $(cat /tmp/status)"
code=0; as alice ls /var/lib/kith/data > /dev/null 2>&1 || code=$?
[ "$code" != 0 ] || fail "the group reads the store"
say "works for who is in the group, and for nobody else"

pid=$(node MainPID)
grep -q 'NoNewPrivs:.1' "/proc/$pid/status" && grep -q 'Seccomp:.2' "/proc/$pid/status" || fail "no walls"
kill -9 "$pid"
for _ in $(seq 200); do [ "$(node MainPID)" != "$pid" ] && [ "$(systemctl is-active kith)" = active ] && break; sleep 0.1; done
as alice kith status > /tmp/status || fail "is not back: $(cat /tmp/status)"
systemctl restart kith || fail "does not start again"
as alice kith status > /tmp/status || fail "is not back: $(cat /tmp/status)"
as alice kith down
until_is inactive
say "comes back when it is killed, and stays away when it is told to"

systemctl start kith
dpkg -r kith > /dev/null
[ ! -e /usr/bin/kith ] || fail "the program is left"
until_is inactive
[ -e /var/lib/kith/data/root.slot ] || fail "a package that is removed takes a person's home"
dpkg -P kith > /dev/null
left=$(find / -xdev -iname '*kith*' -not -path '/proc/*' -not -path '/sys/*' -not -path '/tmp/*' -not -path '/run/*' -not -path '/var/lib/dpkg/*' -not -path '/var/log/*' -not -path '/stick*')
[ -z "$left" ] || fail "left behind: $left"
getent passwd kith > /dev/null && fail "the user is left"
say "removed without a trace"
: > /done
TRY
timeout 180 systemd-nspawn --quiet --directory "$work/root" --boot --register=no --keep-unit --private-network \
    --bind-ro="$here/target/package/stick:/stick" -M kith-try < /dev/null > "$work/boot" 2>&1 || true
cat "$work/root/try.said"
[ -e "$work/root/done" ] || { tail -n 20 "$work/root/try.trace"; tail -n 5 "$work/boot"; exit 1; }
