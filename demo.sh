#!/usr/bin/env bash
# Trains the churn sample, deploys it as three local processes, and serves it until Ctrl+C.
#
#   ./demo.sh            on port 5080, or on PORT=… ./demo.sh
#   ./demo.sh --check    once without a person: deploys, sends requests, kills an instance, deploys another model under
#                        load, stops everything; ends with 0, or says what failed and ends with 1
#   ./demo.sh --docker   the same in Docker containers; starts an engine where none answers, and stops it at the end.
#                        With --check as well: once without a person
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# The distribution's Python and Flask first: version managers like to put slow stand-ins before them.
export PATH="/usr/bin:/bin:$PATH"

check='' docker=''
for word in "$@"; do
  case $word in
    --check) check=yes ;;
    --docker) docker=stormly-test/flask:latest ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
  esac
done

log=$(mktemp)
state=$(mktemp -d)
engine=$(mktemp -d)
host=
trap 'eng/docker.sh down "$engine"; rm -rf "$log" "$state" "$engine"' EXIT

failed() { echo "✗ $1"; exit 1; }
# One line for a step that only has to work: its words are shown when it fails.
step() {
  local what=$1 began=$SECONDS
  shift
  "$@" >"$log" 2>&1 </dev/null || { cat "$log"; failed "$what: this did not work, the lines above say why"; }
  echo "✓ $what ($((SECONDS - began)) s)"
}

command -v dotnet >/dev/null || failed "The .NET 10 SDK is missing: there is no command 'dotnet'. See https://dotnet.microsoft.com/download"
if [ -n "$docker" ]; then
  eng/install.sh python3=python3
  eng/docker.sh up "$engine"
  docker image inspect "$docker" >/dev/null 2>&1 || failed "There is no Docker engine with the image $docker: the lines above say why"
  echo "✓ the engine $(docker version --format '{{.Server.Version}}') has the image $docker"
else
  eng/install.sh python3=python3 py:flask=python3-flask flask=python3-flask setsid=util-linux
fi
if [ -z "$docker" ] && ! { python3 -c 'import flask' 2>/dev/null && command -v flask >/dev/null; }; then
  venv=$PWD/samples/churn/out/venv
  # shellcheck disable=SC2016 # expanded by the inner shell
  if [ ! -x "$venv/bin/flask" ]; then
    step "a virtual environment with Flask, as the distribution has none" \
      sh -c 'python3 -m venv "$1" && "$1/bin/python3" -m pip install --quiet flask' sh "$venv"
  fi
  export PATH="$venv/bin:$PATH"
fi

step "built" dotnet build samples/churn/Host
echo
folder=$PWD/samples/churn/out/plugin
rm -rf "$folder"
samples/churn/train.sh "$folder" 1 || failed "training: this did not work, the lines above say why"
echo

arguments=("Plugin=$folder" "PluginDeployment:StateFolder=$state")
[ -z "$docker" ] || arguments+=("Docker=$docker")
[ -n "$check" ] && arguments+=("Check=true" "Port=0") || arguments+=("Port=${PORT:-5080}")

# The host application gets a process group of its own, so that Ctrl+C reaches it exactly once: through this script, also
# where it comes before there is a host application to pass it on to.
interrupted=
trap 'interrupted=yes; [ -z "$host" ] || kill -INT "$host" 2>/dev/null || true' INT TERM HUP
set -m
artifacts/bin/Stormly.Deploy.Samples.Churn/debug/churn-host "${arguments[@]}" </dev/null &
host=$!
set +m
[ -z "$interrupted" ] || kill -INT "$host" 2>/dev/null || true
code=0
while kill -0 "$host" 2>/dev/null; do
  code=0
  wait "$host" || code=$?
done
exit "$code"
