#!/usr/bin/env bash
# A Docker engine and the images that the tests need.
#
#   eng/docker.sh up FOLDER      where none answers and the machine allows it: installs the distribution's engine and starts it;
#                                makes the images stormly-test/tiny and stormly-test/flask from the distribution's packages
#   eng/docker.sh down FOLDER    stops the engine, if `up` with the same folder started it
#
# Always ends with 0: where no engine can be had it says why, and the tests that need one are skipped.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
verb=${1:?up or down}
folder=${2:?a folder for notes and logs}
mkdir -p "$folder"
pid_file=$folder/dockerd.pid

answers() { timeout 20 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }
apt() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -qq -y "$@" </dev/null >>"$folder/apt.log" 2>&1; }
without() { echo "No Docker engine for the tests: $1"; exit 0; }

# A file that a killed engine left behind names a process that is another one now: an engine refuses to start for it.
forget_dead() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 0
  case $(readlink "/proc/$pid/exe" 2>/dev/null) in */"$2"*) ;; *) rm -f "$1" ;; esac
}

start() {
  [ -z "${DOCKER_HOST:-}" ] || without "$DOCKER_HOST does not answer."
  [ "$(id -u)" -eq 0 ] || without "none answers, and starting one takes root's rights."
  if ! command -v dockerd >/dev/null; then
    command -v apt-get >/dev/null || without "none is installed, and there is no apt-get to install one with."
    echo "Installing docker.io from the distribution's packages …"
    apt update
    apt install --no-install-recommends docker.io docker-cli || apt install --no-install-recommends docker.io || without "docker.io could not be installed: $(tail -1 "$folder/apt.log")"
  fi
  mountpoint -q /sys/fs/cgroup || without "this machine has no cgroup file system."
  forget_dead /var/run/docker.pid dockerd
  forget_dead /var/run/docker/containerd/containerd.pid containerd
  setsid dockerd >"$folder/dockerd.log" 2>&1 </dev/null &
  echo $! >"$pid_file"
  for _ in $(seq 300); do
    ! answers || return 0
    kill -0 "$(cat "$pid_file")" 2>/dev/null || break
    sleep 0.1
  done
  local words
  words=$(grep -aE 'level=(error|fatal)|failed' "$folder/dockerd.log" | tail -1)
  stop
  without "it was started and does not answer: $words"
}

# Tags carry a digest of the recipe: a second run finds the images and makes nothing.
image() {
  local recipe=$here/images/$1.sh tag
  tag=stormly-test/$1:$(sha256sum "$recipe" | cut -c1-12)
  if ! docker image inspect "$tag" >/dev/null 2>&1; then
    command -v dpkg-deb >/dev/null || { echo "No image stormly-test/$1: it is made from Debian's packages, and this is no Debian."; return; }
    echo "Making the image stormly-test/$1 …"
    [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mmin -720 2>/dev/null | head -1)" ] || apt update
    "$recipe" "$tag" || { echo "No image stormly-test/$1: it could not be made."; return; }
  fi
  docker tag "$tag" "stormly-test/$1:latest"
}

stop() {
  local pid
  pid=$(cat "$pid_file" 2>/dev/null) || return 0
  rm -f "$pid_file"
  case $(readlink "/proc/$pid/exe" 2>/dev/null) in */dockerd*) ;; *) return 0 ;; esac
  kill "$pid"
  for _ in $(seq 200); do kill -0 "$pid" 2>/dev/null || return 0; sleep 0.1; done
}

case $verb in
  up)
    answers || start
    image tiny
    image flask
    ;;
  down) stop ;;
  *) echo "up or down, was: $verb"; exit 1 ;;
esac
exit 0
