#!/bin/sh
# Lets up to twelve people meet with a cheater of every kind among them or between them: nobody who means
# well may hold a wrong key. Meetings: the first argument, 10000 if none. About a millisecond each.
set -eu
cd "$(dirname "$0")/.."
KITH_SEEDS="${1:-10000}" exec cargo test -p kith-proto --lib no_cheater_makes -- --nocapture
