#!/bin/sh
# Kills nodes at random moments while they talk: nothing that was acknowledged may be lost, shown
# twice or out of order. Rounds: the first argument, 1000 if none. About 0.4 s each.
set -eu
cd "$(dirname "$0")/.."
KITH_ROUNDS="${1:-1000}" exec cargo test -p kith --test program when_nodes_are_killed -- --nocapture
