#!/usr/bin/env bash
# Makes a 2 MB image with a shell and busybox's programs from the distribution's package, without a registry.
#
#   eng/images/tiny.sh TAG
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=3 download busybox-static >/dev/null
dpkg-deb -x busybox-static_*.deb unpacked
mkdir -p root/bin root/tmp root/etc root/stormly
chmod 1777 root/tmp
for found in unpacked/bin/busybox unpacked/usr/bin/busybox; do [ ! -f "$found" ] || cp "$found" root/bin/busybox; done
for applet in $(root/bin/busybox --list); do [ -e "root/bin/$applet" ] || ln -s busybox "root/bin/$applet"; done
printf 'root:x:0:0:root:/:/bin/sh\nplugin:x:10001:10001::/:/bin/sh\n' >root/etc/passwd
printf 'root:x:0:\nplugin:x:10001:\n' >root/etc/group
tar -C root --owner=0 --group=0 --numeric-owner -cf - . | docker import -c 'ENV PATH=/bin' - "$1" >/dev/null
