#!/usr/bin/env bash
# Makes an image with a shell, Python and Flask from the distribution's packages, without a registry: apt works out and fetches
# what belongs to it, dpkg-deb unpacks it, the modules are compiled once. No maintainer script runs.
#
#   eng/images/flask.sh TAG
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$work/deb/partial" "$root"
: >"$work/status"
apt-get -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o Acquire::Retries=3 -o APT::Sandbox::User=root \
  -o Dir::State::status="$work/status" -o Dir::Cache::archives="$work/deb" \
  install python3-flask gunicorn dash coreutils >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; exit 1; }
# Merged /usr, as the distribution has it; --keep-directory-symlink lets packages with /lib/... unpack into it.
for folder in bin lib lib64 sbin; do mkdir -p "$root/usr/$folder"; ln -s "usr/$folder" "$root/$folder"; done
for package in "$work"/deb/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root" --exclude='./usr/share/doc' \
    --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./usr/share/lintian' --exclude='./usr/share/info'
done
mkdir -p "$root"/{tmp,proc,sys,dev,run,root,stormly}
chmod 1777 "$root/tmp"
chmod 755 "$root"
printf 'root:x:0:0:root:/root:/bin/sh\nplugin:x:10001:10001::/tmp:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nplugin:x:10001:\n' >"$root/etc/group"
[ -e "$root/usr/bin/sh" ] || ln -s dash "$root/usr/bin/sh"
python=$(basename "$(find "$root/usr/lib" -maxdepth 1 -name 'python3.*' | head -1)")
chroot "$root" /usr/bin/python3 -m compileall -q "/usr/lib/$python" /usr/lib/python3/dist-packages >/dev/null 2>&1 || true
tar -C "$root" --owner=0 --group=0 --numeric-owner -cf - . |
  docker import -c 'ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/usr/sbin:/usr/bin:/sbin:/bin' - "$1" >/dev/null
