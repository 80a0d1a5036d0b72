package diagnose

import (
	"maps"
	"slices"
)

// AllCauses returns every cause that a report can have, except None.
func AllCauses() []Cause { return slices.Sorted(maps.Keys(texts)) }
