package config

import "slices"

// nearest gives the known name closest to a wrong one, or "" when none is
// close: within a third of its length.
func nearest(wrong string, known []string) string {
	best, distance := "", max(2, len(wrong)/3)+1
	for _, name := range known {
		if d := edits(wrong, name); d < distance {
			best, distance = name, d
		}
	}
	return best
}

// edits is Levenshtein's distance between two short ASCII names.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }
