package diagnose

import (
	"slices"
	"strconv"
	"strings"
)

// maxKeys limits the names that are listed. URLR's bodies have up to 17.
const maxKeys = 40

// compareKeys lists the members received and signed if they differ. It says so if Go sorted them.
func (r *Report) compareKeys(received []byte) {
	before, after := keysOf(received), keysOf(r.Signed)
	if before == nil || after == nil || slices.Equal(before, after) {
		return
	}
	r.KeysReceived, r.KeysSigned = before, after
	if r.Cause == KeyOrder && isByGo(received) {
		r.nameGo(received)
	}
}

// nameGo says what in Go changed the order of the keys.
func (r *Report) nameGo(received []byte) {
	t := textOfGoStruct
	if parse(received).isSorted(sortByName) {
		t = textOfGoMap
	}
	r.Why, r.Fix = t.why, t.fix
}

// keysOf returns the names of all members of an object in order. It returns nil for any other text,
// or if there are too many.
func keysOf(body []byte) []string {
	document := parse(body)
	if document == nil {
		return nil
	}
	keys := document.keys(nil, "")
	if len(keys) > maxKeys {
		return nil
	}
	return keys
}

func (v *value) keys(dst []string, prefix string) []string {
	for _, m := range v.members {
		if v.isObject() && len(dst) <= maxKeys {
			dst = m.value.keys(append(dst, prefix+m.name), prefix+m.name+".")
		}
	}
	return dst
}

// printable lists names, and quotes those that could be misread.
func printable(names []string) string {
	quoted := slices.Clone(names)
	for i, name := range quoted {
		if escaped := strconv.QuoteToGraphic(name); escaped != `"`+name+`"` || name == "" ||
			strings.ContainsAny(name, " ,") {
			quoted[i] = escaped
		}
	}
	return strings.Join(quoted, ", ")
}
