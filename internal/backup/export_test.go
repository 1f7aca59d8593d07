package backup

// Transient are the names of the tables that archives leave out.
func Transient() (names []string) {
	for _, t := range tables {
		if t.transient {
			names = append(names, t.name)
		}
	}
	return names
}

// Declared says whether a table is declared.
func Declared(name string) bool {
	_, ok := find(name)
	return ok
}
