package diagnose

import (
	"slices"
	"strings"
)

// generations lists the members of each documented generation of URLR's bodies, oldest first.
var generations = [][]string{
	strings.Fields("link link.code link.team link.folder isBot" + common),
	strings.Fields("link link.id link.code link.team link.team_id link.folder link.folder_id isBot" + common),
	strings.Fields("link link.id link.code link.label link.team_id link.folder_id is_qrcode is_unique" + common),
	strings.Fields("link link.id link.code link.label link.workspace_id link.folder_id is_qrcode is_unique" + common),
}

const common = " country region city system browser referer timestamp"

// The members that distinguish the first two generations from the others.
var (
	ofOld = []string{"isBot", "link.team", "link.folder"}
	ofNew = []string{"is_qrcode", "is_unique", "link.label", "link.workspace_id"}
)

// missingIn returns the members that a document lacks, compared with the generation it resembles
// most, or with all of them if that is unclear.
func missingIn(document *value) []string {
	keys := document.keys(nil, "")
	has := func(name string) bool { return slices.Contains(keys, name) }
	switch {
	case slices.ContainsFunc(ofOld, has):
		return fewer(missingOf(generations[0], has), missingOf(generations[1], has))
	case slices.ContainsFunc(ofNew, has):
		return fewer(missingOf(generations[2], has), missingOf(generations[3], has))
	default:
		return missingOf(strings.Fields("link link.code"+common), has)
	}
}

func fewer(a, b []string) []string {
	if len(a) < len(b) {
		return a
	}
	return b
}

// missingOf lists a missing object once, without its members.
func missingOf(members []string, has func(string) bool) (missing []string) {
	for _, name := range members {
		isInside := strings.HasPrefix(name, "link.") &&
			(!has("link") || !slices.ContainsFunc(members, func(other string) bool {
				return strings.HasPrefix(other, "link.") && has(other)
			}))
		if !has(name) && !isInside {
			missing = append(missing, name)
		}
	}
	return missing
}
