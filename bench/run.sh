#!/bin/sh
# Measures the packet path beside its peers and prints the tables: see docs/operations/benchmarks.md.
# Takes the flags of ./bench, for instance -rounds 1 or -only ours.
set -eu
cd "$(dirname "$0")/.."
exec "${GO:-go}" run ./bench "$@"
