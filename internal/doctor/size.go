package doctor

import (
	"fmt"
	"strings"

	"preau/internal/i18n"
)

// size writes a number of bytes in the units of the language.
func (e *examination) size(n uint64) string {
	units := []string{"o", "Kio", "Mio", "Gio", "Tio", "Pio"}
	if e.Locale == i18n.English {
		units = []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB"}
	}
	v, u := float64(n), 0
	for v >= 1024 && u < len(units)-1 {
		v, u = v/1024, u+1
	}
	text := fmt.Sprintf("%.1f", v)
	if e.Locale == i18n.French {
		text = strings.Replace(text, ".", ",", 1)
	}
	return strings.TrimSuffix(strings.TrimSuffix(text, ".0"), ",0") + "\u00a0" + units[u]
}
