#!/bin/sh
# Builds the Debian package and tries it in a root of its own: installed, its node started as the unit
# starts it, used by somebody of the group and by nobody else, removed, purged. Wants root, cargo-deb and a
# Debian root: `debootstrap --variant=minbase bookworm DIR` makes one.
#
#   tests/package.sh ROOT [PROFILE]     PROFILE: release if not said; dev is quick to build
#
# ROOT is copied first and stays as it is. What the unit walls off is not tried here: no systemd runs in
# such a root.
set -eu

root=$1
profile=${2:-release}
here=$(cd "$(dirname "$0")/.." && pwd)
cargo=${CARGO:-cargo}
work=$(mktemp -d)
stop() {
    if [ -f "$work/pid" ]; then kill "$(cat "$work/pid")" 2>/dev/null || true; fi
    umount "$work/root/proc" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
say() { echo "package: $*"; }
fail() { say "$*"; exit 1; }

cd "$here"
made=target/$([ "$profile" = dev ] && echo debug || echo "$profile")
$cargo build --quiet --locked -p kith --profile "$profile"
rm -rf target/package
mkdir -p target/package/man
"$made/kith" man --out target/package/man
"$made/kith" --lang en completions bash > target/package/kith.bash
"$made/kith" --lang en completions zsh > target/package/_kith
"$made/kith" --lang en completions fish > target/package/kith.fish
$cargo deb --quiet --locked -p kith --profile "$profile" --no-build --output target/package/kith.deb
deb=target/package/kith.deb
dpkg-deb --contents "$deb" | awk '{ print $1, $3, $6 }'
say "$(stat -c %s "$deb") bytes"

cp -a "$root" "$work/root"
mount -t proc proc "$work/root/proc"
cp "$deb" "$work/root/kith.deb"
inside() { chroot "$work/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }
as() { who=$1; shift; inside setpriv --reuid "$who" --regid "$who" --init-groups env HOME="/home/$who" "$@"; }

inside dpkg -i /kith.deb > "$work/installed" 2>&1 || { cat "$work/installed"; fail "is not installed"; }
for name in alice mallory; do inside useradd --create-home "$name"; done
inside usermod --append --groups kith alice
as kith kith --home /var/lib/kith init --no-passphrase > /dev/null
line=$(sed -n 's/^ExecStart=//p' "$work/root/usr/lib/systemd/system/kith.service")
# shellcheck disable=SC2086
as kith $line &
echo $! > "$work/pid"
for _ in $(seq 100); do
    [ -S "$work/root/var/lib/kith/run/node.sock" ] && break
    sleep 0.1
done

as alice kith status > "$work/status" || fail "alice is in the group: $(cat "$work/status")"
as alice kith contact list --json | grep -q contacts || fail "alice sees no friends"
code=0; as mallory kith status > "$work/status" 2>&1 || code=$?
[ "$code" = 69 ] || fail "mallory is not in the group: $code, $(cat "$work/status")"
code=0; as alice ls /var/lib/kith/data > /dev/null 2>&1 || code=$?
[ "$code" != 0 ] || fail "the group reads the store"
say "works for who is in the group, and for nobody else"

as alice kith down
for _ in $(seq 100); do
    [ -S "$work/root/var/lib/kith/run/node.sock" ] || break
    sleep 0.1
done
inside dpkg -r kith > /dev/null
[ ! -e "$work/root/usr/bin/kith" ] || fail "the program is left"
[ -e "$work/root/var/lib/kith/data/root.slot" ] || fail "a package that is removed takes a person's home"
inside dpkg -P kith > /dev/null
left=$(find "$work/root" -xdev -iname '*kith*' -not -path '*/proc/*' -not -name kith.deb -not -path "*/var/lib/dpkg/*" -not -path '*/var/log/*')
[ -z "$left" ] || fail "left behind: $left"
inside getent passwd kith > /dev/null && fail "the user is left"
say "removed without a trace"
