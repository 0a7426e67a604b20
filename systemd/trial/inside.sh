#!/bin/sh
# What run.sh runs in the booted system.
set -u
checks=0
fail() { echo "FAILED: $*"; journalctl -u inkstone -n 30 --no-pager; exit 1; }
holds() { checks=$((checks + 1)); echo "ok: $*"; }
show() { systemctl show inkstone -p "$1" --value; }
alive() { curl -fsS --max-time 10 http://127.0.0.1:7465/healthz >/dev/null; }
# Waits until a command succeeds; a minute at most.
until_true() { n=0; until "$@" >/dev/null 2>&1; do n=$((n + 1)); [ $n -lt 120 ] || return 1; sleep 0.5; done; }

systemd-sysusers || fail "the user"
id inkstone >/dev/null || fail "the user"
# A watchdog that does not take half a minute.
mkdir -p /run/systemd/system/inkstone.service.d
printf '[Service]\nWatchdogSec=6\n' >/run/systemd/system/inkstone.service.d/trial.conf
systemctl daemon-reload

systemctl start inkstone || fail "start"
[ "$(show ActiveState)" = active ] || fail "it is not active"
alive || fail "it does not answer although it said that it is ready"
holds "started: it answers as soon as systemd calls it active"
journalctl -u inkstone --no-pager | grep -q '/setup?token=' || fail "no set-up link in the journal"
holds "the set-up link is in the journal"

printf 'correct horse battery' | inkstone user create --admin --email ada@example.org --password-stdin \
  --data-dir /var/lib/inkstone || fail "user create as root"
strangers=$(find /var/lib/inkstone ! -user inkstone)
[ -z "$strangers" ] || fail "not the server's own: $strangers"
[ "$(stat -c %a /var/lib/inkstone)" = 700 ] || fail "the directory is open"
holds "root's command leaves nothing that the server cannot read"

token=$(curl -fsS http://127.0.0.1:7465/api/v1/auth/login -H 'Content-Type: application/json' \
  -d '{"email":"ada@example.org","password":"correct horse battery"}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
note() { curl -fsS http://127.0.0.1:7465/api/v1/notes -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
  -d "{\"body\":\"$1\"}"; }
count() { curl -fsS 'http://127.0.0.1:7465/api/v1/notes?limit=200' -H "Authorization: Bearer $token" | grep -o '"id"' | wc -l; }
note "written under systemd" >/dev/null || fail "a note"
holds "a note is written"

kill -9 "$(show MainPID)"
until_true alive || fail "it did not come back after kill -9"
[ "$(show NRestarts)" -ge 1 ] || fail "no restart was counted"
[ "$(count)" = 1 ] || fail "the note is gone"
holds "killed: it is restarted and the note is there"

# A writer that hangs: somebody else holds the write lock of the database.
mkfifo /trial/hold
(sleep 40 >/trial/hold) &
sqlite3 /var/lib/inkstone/inkstone.db 'BEGIN IMMEDIATE;' ".read /trial/hold" &
holder=$!
until_true sh -c 'journalctl -u inkstone --no-pager | grep -q "Watchdog timeout"' || fail "the watchdog did not notice a stuck writer"
kill $holder 2>/dev/null
until_true alive || fail "it did not come back after the watchdog"
holds "a stuck writer: the watchdog restarts the server"
until_true sh -c '[ "$(systemctl show inkstone -p ActiveState --value)" = active ]' || fail "it is not active again"

# A request whose body arrives slowly is answered before the server ends.
(printf '{"body":"sent slowly'; sleep 3; printf '"}') | curl -sS -o /trial/slow -w '%{http_code}' -T - -X POST \
  http://127.0.0.1:7465/api/v1/notes -H "Authorization: Bearer $token" -H 'Content-Type: application/json' >/trial/code &
slow=$!
sleep 1
began=$(date +%s)
systemctl stop inkstone || fail "stop"
wait $slow
took=$(($(date +%s) - began))
[ "$(cat /trial/code)" = 201 ] || fail "the request under way got $(cat /trial/code)"
[ "$(show Result)" = success ] || fail "stopping ended as $(show Result)"
[ $took -le 25 ] || fail "stopping took $took s"
holds "stopped: the accepted request was answered first ($took s)"

# With the socket, connections wait while the server is away.
systemctl start inkstone.socket || fail "the socket"
curl -fsS --max-time 60 http://127.0.0.1:7465/healthz >/dev/null || fail "the socket does not start the server"
holds "the first connection to the socket starts the server"
refused=0
(for _ in 1 2 3 4 5 6 7 8 9 10; do curl -fsS --max-time 30 http://127.0.0.1:7465/healthz >/dev/null || echo refused; done) >/trial/refused &
asking=$!
systemctl restart inkstone || fail "restart"
wait $asking
[ ! -s /trial/refused ] || fail "connections were refused during a restart"
holds "no connection is refused during a restart"

systemctl start inkstone-backup.service || { journalctl -u inkstone-backup -n 20 --no-pager; fail "the backup"; }
archive=$(ls /var/lib/inkstone/backups/*.tar.zst | tail -1) || fail "no archive"
[ "$(stat -c '%U %a' "$archive")" = "inkstone 600" ] || fail "the archive is $(stat -c '%U %a' "$archive")"
inkstone backup verify "$archive" --data-dir /var/lib/inkstone >/dev/null || fail "the archive does not verify"
holds "a backup beside the running server verifies"
mkdir -p /run/systemd/system/inkstone-backup.timer.d
printf '[Timer]\nOnCalendar=\nOnActiveSec=1s\nAccuracySec=1s\nRandomizedDelaySec=0\n' >/run/systemd/system/inkstone-backup.timer.d/trial.conf
systemctl daemon-reload
systemctl start inkstone-backup.timer || fail "the timer"
# One a day is kept: the newer one takes the place of the first.
until_true sh -c "ls /var/lib/inkstone/backups/*.tar.zst | grep -qvxF '$archive'" || fail "the timer made no backup"
holds "the timer makes a backup"

echo "all $checks checks held"
