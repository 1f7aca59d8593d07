package assessment

// Agreement is how two markings of the same answers agree.
type Agreement struct {
	Count    int      `json:"count" doc:"How many were compared."`
	Exact    float64  `json:"exact" doc:"Part of them with the same level."`
	Adjacent float64  `json:"adjacent" doc:"Part of them with the same level or the next."`
	Kappa    *float64 `json:"kappa,omitempty" doc:"Quadratic weighted kappa (Cohen 1968). Absent when chance alone would agree, as with one level for all."`
}

// Agree compares pairs of levels, each from 0 to levels-1.
func Agree(pairs [][2]int, levels int) Agreement {
	out := Agreement{Count: len(pairs)}
	if len(pairs) == 0 || levels < 1 {
		return out
	}
	first, second := make([]float64, levels), make([]float64, levels)
	var seen float64
	for _, p := range pairs {
		d := p[0] - p[1]
		if d == 0 {
			out.Exact++
		}
		if d >= -1 && d <= 1 {
			out.Adjacent++
		}
		first[p[0]]++
		second[p[1]]++
		seen += float64(d * d)
	}
	n := float64(len(pairs))
	out.Exact /= n
	out.Adjacent /= n
	var chance float64
	for i, a := range first {
		for j, b := range second {
			chance += a * b / n * float64((i-j)*(i-j))
		}
	}
	if chance > 0 {
		kappa := 1 - seen/chance
		out.Kappa = &kappa
	}
	return out
}
