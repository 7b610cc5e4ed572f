#!/usr/bin/env bash
# Measures how fast Orchestrator is on this machine.
# Usage: deploy/bench.sh metrics [ROWS]     every metric on ROWS (default 1,000,000) x 50 columns and a reference of the same size, 10 ways to form segments;
#                                           pandas, scikit-learn and scipy do the same job beside it
#        deploy/bench.sh fuzz [COUNT]       COUNT (default 1,000,000) random and mutated expressions and files in child processes; SEED=N for other ones
#        deploy/bench.sh samples [SERIES]   SERIES (default 100,000) x 1 day at one sample a minute: durable samples a second beside the limit, memory, compaction, restart
#        deploy/bench.sh rules              1,000 rules on 10,000 and 100,000 series: full pass, one sample, compile, memory, beside the limit of the
#                                           machine in the same process, and beside Prometheus
#        deploy/bench.sh latency            a minute of 1,000 samples a second on the embedded database: from a batch committed to finding and fix
#        deploy/bench.sh rows [ROWS]        a page of rows of a version of ROWS (default 1,000,000) x 52 columns, the first map of its rows, and a page of what is other in the next version, beside reading the file
#        deploy/bench.sh pages [ROUNDS]     first paint and readiness of the pages, Elsa Studio's editor cold and warm, in Debian's Chromium: medians of ROUNDS (default 5)
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/setup.sh

wrong() {
  sed -n 's/^# Usage: /usage: /p; s/^#        deploy/       deploy/p' "$0" >&2
  exit 2
}

metrics() {
  local rows=$1 folder
  folder=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  echo "generating $rows rows"
  "${bench[@]}" generate "$folder" "$rows"
  "${bench[@]}" measure "$folder"
  python "$folder"
}

# Debian's packages: they belong to Debian's own Python.
python() {
  if ! /usr/bin/python3 -c 'import pandas, sklearn' 2>/dev/null; then
    install python3-pandas python3-sklearn || { echo "pandas and scikit-learn are missing and cannot be installed: nothing to compare with"; return; }
  fi
  /usr/bin/python3 tests/Orchestrator.Benchmarks/metrics.py "$1"
}

fuzz() {
  dotnet restore tests/Orchestrator.Core.Tests --locked-mode --verbosity quiet
  dotnet build tests/Orchestrator.Core.Tests --no-restore -c Release --verbosity quiet "-clp:ErrorsOnly;NoSummary"
  ORCHESTRATOR_FUZZ=$1 ORCHESTRATOR_FUZZ_SEED=${SEED:-20260105} dotnet tests/Orchestrator.Core.Tests/bin/Release/net10.0/Orchestrator.Core.Tests.dll \
    --no-ansi --progress off --output Detailed --filter-class Orchestrator.Core.Tests.Revisions.FuzzTests
}

samples() {
  local series=$1 folder worst=0
  folder=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  "${bench[@]}" samples-ingest "$folder/ingest" 10000 10 || worst=1
  "${bench[@]}" samples-memory "$series" || worst=1
  "${bench[@]}" samples-fill "$folder/day" "$series"
  "${bench[@]}" samples-restart "$folder/day" || worst=1
  return $worst
}

rules() {
  command -v prometheus >/dev/null || install prometheus || echo "prometheus is missing and cannot be installed: nothing to compare with"
  "${bench[@]}" rules
  "${bench[@]}" rules-peer
}

latency() {
  local folder
  folder=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  "${bench[@]}" latency "$folder" workflows
}

rows() {
  local folder
  folder=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  "${bench[@]}" rows "$folder" "$1"
}

pages() {
  command -v chromium >/dev/null || install chromium || { echo "chromium is missing and cannot be installed: nothing to measure with"; exit 2; }
  dotnet restore tests/Orchestrator.Browser.Tests --locked-mode --verbosity quiet
  dotnet build tests/Orchestrator.Browser.Tests --no-restore -c Release --verbosity quiet "-clp:ErrorsOnly;NoSummary"
  dotnet tests/Orchestrator.Browser.Tests/bin/Release/net10.0/Orchestrator.Browser.Tests.dll times "$1"
}

if [ "${1:-}" = pages ] && [ $# -le 2 ] && [[ ${2:-5} =~ ^[1-9][0-9]*$ ]]; then
  set_up
  pages "${2:-5}"
  exit
fi
if [ "${1:-}" = fuzz ] && [ $# -le 2 ] && [[ ${2:-1000000} =~ ^[0-9]+$ ]]; then
  set_up
  fuzz "${2:-1000000}"
  exit
fi
case "${1:-} $#" in
  "metrics 1" | "metrics 2" | "samples 1" | "samples 2" | "rows 1" | "rows 2") [[ ${2:-1} =~ ^[1-9][0-9]*$ ]] || wrong ;;
  "rules 1" | "latency 1") ;;
  *) wrong ;;
esac
set_up
dotnet restore tests/Orchestrator.Benchmarks --locked-mode --verbosity quiet
dotnet build tests/Orchestrator.Benchmarks --no-restore -c Release --verbosity quiet "-clp:ErrorsOnly;NoSummary"
bench=(dotnet tests/Orchestrator.Benchmarks/bin/Release/net10.0/Orchestrator.Benchmarks.dll)
case $1 in
  metrics) metrics "${2:-1000000}" ;;
  samples) samples "${2:-100000}" ;;
  rules) rules ;;
  latency) latency ;;
  rows) rows "${2:-1000000}" ;;
esac
