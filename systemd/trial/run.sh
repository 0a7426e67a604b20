#!/bin/sh
# Tries the units in a Debian of their own, with systemd running: installs binary and units, boots, uses, kills, stops.
#
#   systemd/trial/run.sh [BINARY]      as root, with debootstrap and systemd-nspawn; target/release/inkstone unless told
#
# The root is kept under target/ (about 300 MB), so that the second run takes half a minute. Ends with 0 when every check held.
set -eu
cd "$(dirname "$0")/../.."
binary=${1:-target/release/inkstone}
root=${TRIAL_ROOT:-$PWD/target/trial-root}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}

test -x "$binary" || { echo "there is no $binary: make build" >&2; exit 1; }
for tool in debootstrap systemd-nspawn systemd-analyze; do
  command -v $tool >/dev/null || { echo "$tool is missing: apt install debootstrap systemd-container" >&2; exit 1; }
done

echo "== exposure (at most 1.5)"
for unit in systemd/inkstone.service systemd/inkstone-backup.service; do
  systemd-analyze security --offline=true --threshold=15 "$unit" | tail -1
done

if ! test -e "$root/complete"; then
  echo "== making a Debian in $root"
  rm -rf "$root"
  debootstrap --variant=minbase --include=systemd,dbus,curl,sqlite3 bookworm "$root" "$mirror" >"$root.log" 2>&1 ||
    { tail -5 "$root.log" >&2; exit 1; }
  touch "$root/complete"
fi

# A fresh state and fresh units each time.
rm -rf "$root/var/lib/inkstone" "$root/trial"
mkdir -p "$root/trial" "$root/etc/inkstone" "$root/usr/lib/sysusers.d"
install -m 755 "$binary" "$root/usr/bin/inkstone"
install -m 644 systemd/*.service systemd/*.socket systemd/*.timer "$root/etc/systemd/system/"
install -m 644 systemd/inkstone.sysusers "$root/usr/lib/sysusers.d/inkstone.conf"
install -m 755 systemd/trial/inside.sh "$root/trial/inside.sh"
cat >"$root/etc/systemd/system/trial.service" <<UNIT
[Unit]
After=multi-user.target dbus.service
[Service]
Type=oneshot
ExecStart=/trial/inside.sh
StandardOutput=file:/trial/log
StandardError=file:/trial/log
ExecStopPost=/usr/bin/systemctl --no-block poweroff
[Install]
WantedBy=default.target
UNIT
mkdir -p "$root/etc/systemd/system/default.target.wants"
ln -sf ../trial.service "$root/etc/systemd/system/default.target.wants/trial.service"

echo "== booting"
timeout 600 systemd-nspawn --quiet --boot --directory="$root" --register=no --keep-unit >"$root.console" 2>&1 || true
cat "$root/trial/log"
tail -1 "$root/trial/log" | grep -q '^all [0-9]* checks held$'
