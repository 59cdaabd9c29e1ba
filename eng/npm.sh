#!/usr/bin/env bash
# Installs the npm packages that a folder's package-lock.json names, exactly those, and only where they are missing.
#
#   eng/npm.sh FOLDER
#
# Says what it does. Where npm is not there, or its registry has not what is asked for, it says so and ends with 0 all the
# same: whoever needs the packages finds out and says what then.
set -euo pipefail
cd "$1"

stamp=node_modules/.installed
if [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; then exit 0; fi
if ! command -v npm >/dev/null; then
  echo "There is no npm here to install the packages of $1 with."
  exit 0
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing the npm packages of $1 …"
if npm ci --ignore-scripts --no-audit --no-fund </dev/null >"$log" 2>&1; then
  cp package-lock.json "$stamp"
else
  echo "Could not install them:"
  tail -3 "$log"
fi
