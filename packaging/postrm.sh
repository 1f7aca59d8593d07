#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
fi
if [ "$1" = purge ] && [ -d /var/lib/preau ]; then
	# A school's data is never removed by a package manager.
	echo "Les données restent dans /var/lib/preau. Effacez ce dossier vous-même si vous n'en voulez plus."
fi
