package identity

// pageLimit is the longest page of a list.
const pageLimit = 500

// PageIn asks for one page of a list.
type PageIn struct {
	After string `query:"after" maxLength:"36" doc:"Last id of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// cut makes a page of a list read one longer than the limit: the last item is
// dropped and the one before it is where the next page starts.
func cut[T any](list []T, limit int, id func(T) string) (items []T, next string) {
	if len(list) <= limit {
		return list, ""
	}
	return list[:limit], id(list[limit-1])
}
