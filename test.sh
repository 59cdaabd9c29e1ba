#!/usr/bin/env bash
# Installs what the tests need, checks formatting, builds with warnings as errors, and runs every test.
#
#   ./test.sh
#
# The last line is the count alone, `N passed, N failed, N skipped`; tests that cannot run on this machine are listed
# with their reasons before it. The exit code is that of `dotnet test`, or 1 where another step failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
exec </dev/null

step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }
# A command whose words matter only when it fails.
quietly() { "$@" >"$log" 2>&1 || { cat "$log"; printf '\nFailed: %s\n' "$*"; exit 1; }; }

if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is missing: there is no command 'dotnet'. See https://dotnet.microsoft.com/download"
  exit 1
fi
log=$(mktemp)
engine=$(mktemp -d)
trap 'eng/docker.sh down "$engine"; rm -rf "$log" "$engine"' EXIT

step "What the tests need"
eng/install.sh python3=python3 py:flask=python3-flask gunicorn=gunicorn py:uvicorn=python3-uvicorn py:fastapi=python3-fastapi \
  php=php-cli node=nodejs busybox=busybox setsid=util-linux ps=procps chromium=chromium curl=curl cmark-gfm=cmark-gfm
eng/npm.sh tests/tools/openapi
eng/docker.sh up "$engine"

step "Restore, exactly as the lock files say"
quietly dotnet restore Stormly.Deploy.sln --locked-mode

step "Build, warnings are errors"
quietly dotnet build Stormly.Deploy.sln --no-restore

step "Formatting"
code=0
dotnet format Stormly.Deploy.sln --no-restore --verify-no-changes >"$log" 2>&1 || {
  code=1
  cat "$log"
  echo "To mend it: dotnet format Stormly.Deploy.sln"
}

step "Tests"
# Everything but the tests that pass, as it comes: those would bury the rest. One project after the other: ports are reserved for the whole machine, and a
# backend that is held to its promises must not share two processors with another one that is.
dotnet test --solution Stormly.Deploy.sln --no-build --max-parallel-test-modules 1 --no-ansi --no-progress --output Detailed 2>&1 | tee "$log" | awk '
  /^(passed|skipped) / { hidden = 1; next }
  /^[^ ]/ { hidden = 0 }
  !hidden && !/^  from / { print; fflush() }' || code=${PIPESTATUS[0]}

if grep -q '^failed ' "$log"; then
  step "Failed"
  awk '/^failed / { sub(/^failed /, ""); print "  " $0 }' "$log" | sort
fi
if grep -q '^skipped ' "$log"; then
  step "Skipped, and why"
  awk '/^skipped / { name = substr($0, 9); getline reason; sub(/^ +/, "", reason); print "  " name ": " reason }' "$log" | sort
fi
step "Done"
awk '/^  succeeded:/ { p = $2 } /^  failed:/ { f = $2 } /^  skipped:/ { s = $2 }
  END { printf "%d passed, %d failed, %d skipped\n", p, f, s }' "$log"
exit "$code"
