package qti

import "strings"

// asset is a reference from a document to a file shown with it.
type asset struct {
	element *Element
	name    string // of the attribute
	href    string
}

// assetAttribute says whether an attribute of an element names a file.
func assetAttribute(e *Element, attribute string) bool {
	switch attribute {
	case "src":
		return true
	case "data":
		return e.Name == "object"
	case "poster":
		return e.Name == "video"
	case "href":
		return e.Name == "stylesheet" || e.Name == "link" || e.Name == "filehref" || e.Name == "image"
	}
	return false
}

func assetsOf(root *Element) []asset {
	var out []asset
	root.walk(func(e *Element) bool {
		for _, a := range e.Attrs {
			if assetAttribute(e, a.Name) {
				out = append(out, asset{e, a.Name, strings.TrimSpace(a.Value)})
			}
		}
		return true
	})
	return out
}

// Assets are the files that the item shows, as paths beside its own, each once.
// What is inlined or outside is left out.
func (it *Item) Assets() []string {
	if it.root == nil {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, a := range assetsOf(it.root) {
		name, ok := Source{Name: it.File}.beside(a.href)
		if ok && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}
