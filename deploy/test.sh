#!/usr/bin/env bash
# Restores, builds and runs every test. The last line is "N passed, N failed, N skipped"; the exit code is 0 only if nothing failed.
# Usage: deploy/test.sh        (CONFIGURATION=Debug for a debug build, TEST_SECONDS=N for the time one test project may take)
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/setup.sh

configuration=${CONFIGURATION:-Release}
seconds=${TEST_SECONDS:-1500}
passed=0 failed=0 skipped=0
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

close() {
  if [ "$skipped" -gt 0 ]; then
    echo
    echo "SKIPPED ($skipped):"
    grep -h -A1 '^skipped ' "$logs"/*.log | grep -v '^--$' || true
  fi
  echo
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
}

build() {
  dotnet restore Orchestrator.sln --locked-mode --verbosity quiet &&
    dotnet build Orchestrator.sln --no-restore -c "$configuration" --verbosity quiet &&
    dotnet format whitespace Orchestrator.sln --no-restore --verify-no-changes
}

# One number of the runner's summary, which stands on lines such as "  failed: 3"; 0 where there is none.
figure() {
  sed -n "s/^  $1: *\([0-9][0-9]*\)$/\1/p" "$2" | tail -n 1 | grep . || echo 0
}

# A project that ends without a summary, or with a bad exit code and no failed test, counts as one failure.
count() {
  local log=$1 code=$2 bad
  bad=$(figure failed "$log")
  if [ "$bad" -eq 0 ] && { [ "$code" -ne 0 ] || ! grep -q '^  failed: ' "$log"; }; then
    echo "FAILED: ended with exit code $code and no failed test to show for it (137 is the time-out of $seconds s)"
    bad=1
  fi
  passed=$((passed + $(figure succeeded "$log")))
  skipped=$((skipped + $(figure skipped "$log")))
  failed=$((failed + bad))
}

run() {
  local name=$1 log="$logs/$1.log" code=0
  echo "== $name"
  # Not "dotnet test": there the time-out would kill the runner and leave the tests behind.
  timeout -s KILL "$seconds" dotnet "tests/$name/bin/$configuration/net10.0/$name.dll" \
    --no-ansi --progress off </dev/null >"$log" 2>&1 || code=$?
  cat "$log"
  count "$log" "$code"
}

# The pages' own tests; where there is no Node they count as one that was skipped.
run_pages() {
  local log="$logs/pages.log" code=0
  echo "== pages"
  if [ ! -d src/Orchestrator.Web/node_modules ]; then
    printf 'skipped pages\n  the pages were not built: node and npm are missing\n' | tee "$log"
    skipped=$((skipped + 1))
    return
  fi
  (cd src/Orchestrator.Web && NO_COLOR=1 timeout -s KILL 300 npm run --silent test) </dev/null >"$log" 2>&1 || code=$?
  cat "$log"
  local good bad
  good=$(sed -n 's/^ *Tests .*[^0-9]\([0-9][0-9]*\) passed.*/\1/p' "$log" | tail -n 1)
  bad=$(sed -n 's/^ *Tests *\([0-9][0-9]*\) failed.*/\1/p' "$log" | tail -n 1)
  if [ "$code" -ne 0 ] && [ -z "$bad" ]; then
    echo "FAILED: the pages' tests ended with exit code $code"
    bad=1
  fi
  passed=$((passed + ${good:-0}))
  failed=$((failed + ${bad:-0}))
}

set_up
[ "${CI:-}" != true ] || install_test_servers
if ! build; then
  echo "FAILED: the build, or its format (dotnet format whitespace)"
  failed=1
  close
fi

for project in tests/*/*.Tests.csproj; do
  run "$(basename "$project" .csproj)"
done
run_pages

close
