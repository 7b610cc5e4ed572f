#!/usr/bin/env bash
# Sets up what is missing, builds, and plays the three stories of the demo on a server of its own: embedded database, loopback only.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: deploy/run.sh [--once] [--out DIR] [--port N]

  --once      end after the summary; otherwise serve until Ctrl-C
  --out DIR   write DIR/report.json, and keep the workspace in DIR/workspace (default deploy/demo/workspace)
  --port N    listen on 127.0.0.1:N (default 5080)

Killed or stopped halfway, the demo goes on where it was; to begin anew, delete the workspace. Exit code: 0 played through, 1 a loop did not close, 2 wrong usage or set-up.
TEXT
}

wrong() {
  echo "$1" >&2
  usage >&2
  exit 2
}

once=() out=() port=5080 workspace=deploy/demo/workspace
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=(--once) ;;
    --out)
      [ -n "${2:-}" ] || wrong "--out needs a folder"
      out=(--out "$(realpath -m -- "$2")")
      workspace=${out[1]}/workspace
      shift
      ;;
    --port)
      [[ ${2:-} =~ ^[0-9]{1,5}$ ]] || wrong "--port needs a number"
      port=$2
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) wrong "unknown argument: $1" ;;
  esac
  shift
done

cd "$(dirname "$0")/.."
. deploy/setup.sh
set_up

dotnet restore src/Orchestrator.Cli --locked-mode --verbosity quiet
echo "building"
dotnet build src/Orchestrator.Cli --no-restore -c Release --verbosity quiet "-clp:ErrorsOnly;NoSummary"

orchestrator=(dotnet src/Orchestrator.Cli/bin/Release/net10.0/orchestrator.dll)
"${orchestrator[@]}" demo deploy/demo

# In place of this shell: Ctrl-C and signals reach the server itself, and nothing is left behind.
exec "${orchestrator[@]}" serve --play deploy/demo --workspace "$workspace" --port "$port" "${once[@]}" "${out[@]}"
