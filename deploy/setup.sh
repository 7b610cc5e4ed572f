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

# LightGBM is linked against OpenMP, which a minimal Debian does not bring.
install_openmp() {
  has_library libgomp.so.1 && return
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || stop "libgomp1 is missing: sudo apt-get install libgomp1"
    sudo=(sudo -n)
  fi
  echo "installing libgomp1 (OpenMP, for LightGBM)"
  "${sudo[@]}" apt-get update -qq && "${sudo[@]}" apt-get install -y -qq --no-install-recommends libgomp1 >/dev/null ||
    stop "libgomp1 could not be installed: apt-get install libgomp1"
}

set_up() {
  find_sdk
  install_openmp
}
