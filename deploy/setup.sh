# Sourced by run.sh and test.sh: finds the SDK and installs the one native library that the trainers need.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# A fresh Debian has no ICU; neither the SDK nor Orchestrator needs it.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
# No build process outlives the script that started it.
export MSBUILDDISABLENODEREUSE=1

stop() {
  echo "$1" >&2
  exit 2
}

find_sdk() {
  if ! command -v dotnet >/dev/null && [ -x "$HOME/.dotnet/dotnet" ]; then
    export DOTNET_ROOT="$HOME/.dotnet" PATH="$HOME/.dotnet:$PATH"
  fi
  command -v dotnet >/dev/null || stop "The .NET 10 SDK is missing: install it, or put dotnet on the PATH."
  dotnet --list-sdks | grep -q '^1[0-9]\.' || stop "The .NET 10 SDK is missing; dotnet has only: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' ')"
}

has_library() {
  PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep "$1" >/dev/null
}

# Installs Debian packages without starting what they bring: servers that tests need, tests start. Fails where it may not install.
install() {
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || return 1
    sudo=(sudo -n)
  fi
  echo "installing $*"
  "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# LightGBM is linked against OpenMP, which a minimal Debian does not bring.
install_openmp() {
  has_library libgomp.so.1 || install libgomp1 || stop "libgomp1 (OpenMP, for LightGBM) is missing: sudo apt-get install libgomp1"
}

# Elsa Studio comes from npm as it is published; what the build finds of it, the server serves. Without npm the pages of the designer say what is missing.
restore_studio() {
  local studio=src/Orchestrator.Web/studio
  command -v npm >/dev/null || install nodejs npm || {
    echo "Node and npm are missing: the workflow designer will not be part of the build (apt-get install nodejs npm)" >&2
    return 0
  }
  # Written last, so that a restore that was interrupted is not taken for whole.
  cat "$studio/package-lock.json" "$studio"/*.mjs 2>/dev/null | cmp -s - "$studio/node_modules/.restored" && return 0
  echo "restoring Elsa Studio"
  (cd "$studio" && npm ci --silent && npm run --silent files && cat package-lock.json ./*.mjs >node_modules/.restored) ||
    stop "Elsa Studio could not be restored: (cd $studio && npm ci && npm run files) says why"
}

# The servers, the browser and the interpreter that some tests run against; where they are missing, those tests skip and say so.
install_test_servers() {
  local missing=()
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  command -v python3 >/dev/null || missing+=(python3)
  command -v promtool >/dev/null || missing+=(prometheus)
  [ ${#missing[@]} -eq 0 ] || install "${missing[@]}" || stop "${missing[*]} could not be installed: apt-get install ${missing[*]}"
  command -v chromium >/dev/null || install chromium || echo "chromium could not be installed: the tests of the pages in a browser will be skipped (apt-get install chromium)" >&2
}

# Node of Debian, 18 or later, builds the pages; without it everything else works, and the status page stands in their place.
has_node() {
  command -v node >/dev/null && command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]
}

# Restores and builds the pages where their sources changed since; fails where they cannot be built.
build_pages() {
  local folder=src/Orchestrator.Web made=src/Orchestrator.Web/dist/made-from sources
  if ! has_node && ! install nodejs npm; then
    echo "node and npm (18 or later) are missing: the pages are not built, and the status page stands in their place" >&2
    return 0
  fi
  sources=$(cd "$folder" && cat package-lock.json index.html ./*.ts ./*.json ./*.cjs $(find src public -type f ! -path src/api/schema.ts | sort) | sha256sum)
  [ "$(cat "$made" 2>/dev/null)" != "$sources" ] || return 0
  echo "building the pages"
  (cd "$folder" && npm ci --no-audit --no-fund --silent && npm run --silent build) || stop "the pages could not be built"
  echo "$sources" >"$made"
}

set_up() {
  find_sdk
  install_openmp
  build_pages
  restore_studio
}
