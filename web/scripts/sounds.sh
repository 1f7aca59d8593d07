#!/usr/bin/env bash
# Makes the spoken help again: espeak-ng's French voice, then MP3 (Debian's espeak-ng and lame).
set -euo pipefail
cd "$(dirname "$0")/../public/sounds"
say() { espeak-ng -v fr+f3 -s 135 -p 55 -g 6 -w "$1.wav" "$2" && lame --quiet -m m --resample 16 -b 32 "$1.wav" "$1.mp3" && rm "$1.wav"; }
say door "Bonjour. Écris le code de ta fiche dans la grande case, puis appuie sur Entrer. Tu peux aussi appuyer sur Scanner ma fiche, et montrer le carré à la caméra."
say wrong "Ce code ne marche pas. Regarde bien ta fiche, et écris-le encore une fois. Ou demande de l'aide."
say closed "La porte de ta classe est fermée. Demande à ton enseignant ou ton enseignante de l'ouvrir."
say scan "Montre le carré de ta fiche à la caméra, et attends un petit moment."
say slip "Ta fiche. Appuie sur le grand bouton pour continuer."
say confirm "Est-ce que c'est bien toi ? Regarde l'image. Si oui, appuie sur le premier bouton. Si non, appuie sur le deuxième."
say waiting "Attends un petit moment. Une personne de l'école va te répondre."
say home "C'est bon, te voilà. Reste sur cette page. Pour finir, appuie sur Partir, en haut."
