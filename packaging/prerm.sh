#!/bin/sh
set -e
# An upgrade restarts the service once the new files are there.
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
	systemctl disable --now preau.service || true
fi
