#!/bin/sh
set -e
[ "$1" = configure ] || exit 0

# sysusers where systemd is, adduser where it is not (a container).
if command -v systemd-sysusers >/dev/null 2>&1; then
	systemd-sysusers preau.conf
elif ! getent passwd preau >/dev/null; then
	adduser --system --group --no-create-home --home /var/lib/preau --gecos Preau preau
fi

# The settings may hold secrets: for root to write and the service to read.
chown root:preau /etc/preau /etc/preau/preau.conf
chmod 0750 /etc/preau
chmod 0640 /etc/preau/preau.conf

if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	if [ -n "$2" ]; then
		# An upgrade: the new binary backs up, then migrates.
		systemctl try-restart preau.service
	fi
fi

if [ -z "$2" ]; then
	cat <<-'END'

	Préau est installé, pas encore démarré.
	  1. Réglez l'adresse et le certificat : /etc/preau/preau.conf
	  2. Vérifiez :  runuser -u preau -- preau doctor --config /etc/preau/preau.conf
	  3. Démarrez :  systemctl enable --now preau
	  4. Lisez le lien de mise en service :  journalctl -u preau
	Le guide : /usr/share/doc/preau/operations.md

	END
fi
