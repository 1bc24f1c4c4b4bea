#!/bin/sh
# Voert een opdracht van Woonregister uit als de diensten, met hun instellingen.
# Hoort in /usr/local/sbin/woonregister.
set -eu
set -a
. /etc/woonregister/woonregister.env
# Wie dit doet staat in het register; dat is wie zich hier aanmeldde, niet de gebruiker van de dienst.
LOGNAME="${SUDO_USER:-${LOGNAME:-root}}"
set +a
cd /var/lib/woonregister
exec runuser -u woonregister -- /usr/local/lib/woonregister/actueel/bin/woonregister "$@"
