#!/usr/bin/env bash
# Makes the spoken help again: espeak-ng's French voice, then MP3 (Debian's espeak-ng and lame).
set -euo pipefail
cd "$(dirname "$0")/../public/sounds"
say() { espeak-ng -v fr+f3 -s 135 -p 55 -g 6 -w "$1.wav" "$2" && lame --quiet -m m -V 6 "$1.wav" "$1.mp3" && rm "$1.wav"; }
say door "Bonjour. Écris le code de ta fiche dans la grande case, puis appuie sur Entrer. Tu peux aussi appuyer sur Scanner ma fiche, et montrer le carré à la caméra."
say slip "Ta fiche. Appuie sur le grand bouton pour continuer."
say confirm "Est-ce que c'est bien toi ? Regarde l'image. Si oui, appuie sur le premier bouton. Si non, appuie sur le deuxième."
say waiting "Attends un petit moment. Une personne de l'école va te répondre."
say home "Tu es entré. Reste sur cette page. Pour finir, appuie sur Partir, en haut."
