#!/usr/bin/env bash
# Installs programs from the distribution's packages, and only those that are missing.
#
#   eng/install.sh PROGRAM=PACKAGE...      e.g. eng/install.sh node=nodejs flask=python3-flask
#
# PROGRAM is a command, or `py:MODULE` for a module of the system's Python. Says what it does. Where there is no apt-get,
# or no right to use it, it says so and ends with 0 all the same: whoever needs the program finds out and says what then.
set -euo pipefail
# The distribution's programs first: version managers like to put slow stand-ins of python3 and flask before them.
export PATH="/usr/bin:/bin:$PATH"

is_there() {
  case $1 in
    py:*) python3 -c "import ${1#py:}" >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

packages=()
for pair in "$@"; do
  package=${pair#*=}
  is_there "${pair%%=*}" || [[ " ${packages[*]} " == *" $package "* ]] || packages+=("$package")
done
[ ${#packages[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "Missing: ${packages[*]}. There is no apt-get here to install them with."
  exit 0
fi
run=()
if [ "$(id -u)" -ne 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "Missing: ${packages[*]}. Installing them takes root's rights; to do it by hand: sudo apt-get install ${packages[*]}"
    exit 0
  fi
  run=(sudo -n)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing ${packages[*]} from the distribution's packages …"
apt() { "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q "$@" </dev/null >>"$log" 2>&1; }
apt update || echo "apt-get update failed; trying with the package lists that are there."
for package in "${packages[@]}"; do
  apt install --no-install-recommends "$package" || { echo "Could not install $package:"; tail -3 "$log"; }
done
