package diagnose

import "strings"

// generations are the members of each documented generation of URLR's bodies, "isBot" and so on for those of the older ones.
var generations = [][]string{
	strings.Fields("link link.code link.team link.folder isBot country region city system browser referer timestamp"),
	strings.Fields("link link.id link.code link.team link.team_id link.folder link.folder_id isBot country region city system browser referer timestamp"),
	strings.Fields("link link.id link.code link.label link.team_id link.folder_id is_qrcode is_unique country region city system browser referer timestamp"),
	strings.Fields("link link.id link.code link.label link.workspace_id link.folder_id is_qrcode is_unique country region city system browser referer timestamp"),
}

// missingIn returns the members that a document lacks of the generation that it is most like.
func missingIn(document *value) []string {
	has := map[string]bool{}
	for _, name := range document.keys(nil, "") {
		has[name] = true
	}
	var fewest []string
	for i, members := range generations {
		var missing []string
		for _, name := range members {
			if !has[name] {
				missing = append(missing, name)
			}
		}
		if i == 0 || len(missing) <= len(fewest) {
			fewest = missing
		}
	}
	return fewest
}
