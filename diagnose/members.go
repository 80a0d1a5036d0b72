package diagnose

import (
	"slices"
	"strings"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// nullable lists the members of an event that can be null.
var nullable = []string{"country", "region", "city", "system", "browser", "referer"}

// flags lists the members of an event that are true or false.
var flags = []string{"is_qrcode", "is_unique", "isBot"}

// withDroppedMembers adds members that encoders omit: null, as Gson does, and false or an empty
// label, as Go's omitempty does.
func withDroppedMembers(body []byte, try try) {
	document := parse(body)
	if document == nil || !document.isObject() {
		return
	}
	const how = "members that were left out, since they are null, false or empty, are added to the body"
	for _, falseFlags := range [][]string{{}, {"is_qrcode", "is_unique"}, {"isBot"}} {
		restored := document.clone()
		addMissing(restored, nullable, jsondoc.Null, "null")
		addMissing(restored, falseFlags, jsondoc.False, "false")
		sortAsURLR(restored)
		if len(restored.members) > len(document.members) && try(how, restored.append(nil)) {
			return
		}
		if link := restored.member("link"); link != nil && link.isObject() && link.member("label") == nil {
			addMissing(link, []string{"label"}, jsondoc.Null, "null")
			sortAsURLR(restored)
			try(how, restored.append(nil))
			link.member("label").set(jsondoc.String, `""`)
			try(how, restored.append(nil))
		}
	}
	whole := len(document.members)
	document.members = slices.DeleteFunc(
		document.members,
		func(m member) bool { return m.value.kind == jsondoc.Null },
	)
	if len(document.members) < whole {
		try("members that are null are removed from the body", document.append(nil))
	}
}

// addMissing adds the members that an object lacks, all with the same value.
func addMissing(object *value, names []string, kind jsondoc.Kind, text string) {
	for _, name := range names {
		if object.member(name) == nil {
			added := member{name: name, literal: []byte(`"` + name + `"`)}
			added.value.set(kind, text)
			object.members = append(object.members, added)
		}
	}
}

// withoutAddedMembers removes members that are in no generation of URLR's bodies, or some at the
// end or the beginning.
func withoutAddedMembers(body []byte, try try) {
	const how = "members that were added to the event are removed"
	document := parse(body)
	if document == nil || !document.isObject() {
		return
	}
	all := document.members
	known := document.clone()
	known.members = slices.DeleteFunc(known.members, isUndocumented)
	if len(known.members) < len(all) {
		try(how, known.append(nil))
		sortAsURLR(known)
		try(how, known.append(nil))
	}
	for n := 1; n <= 4 && n < len(all); n++ {
		document.members = all[:len(all)-n]
		try(how, document.append(nil))
		document.members = all[n:]
		try(how, document.append(nil))
	}
}

func isUndocumented(m member) bool { return !slices.Contains(urlrOrder, m.name) }

// renamed restores URLR's names of members called isQrcode, IsQRCode or is-qrcode, for example.
func renamed(body []byte, try try) {
	document := parse(body)
	if document == nil {
		return
	}
	isChanged := rename(document.members, bareNames)
	if link := document.member("link"); link != nil {
		isChanged = rename(link.members, bareLinkNames) || isChanged
	}
	for i := 0; isChanged && i < 2; i++ {
		try("the members of the body have the names that URLR gives them", document.append(nil))
		sortAsURLR(document)
	}
}

func rename(members []member, names map[string]string) (isChanged bool) {
	for i, m := range members {
		name, found := names[bare(m.name)]
		if found && name != m.name {
			members[i].name, members[i].literal, isChanged = name, []byte(`"`+name+`"`), true
		}
	}
	return isChanged
}

var (
	bareNames     = byBareName(urlrOrder)
	bareLinkNames = byBareName(urlrLinkOrder)
)

func byBareName(names []string) map[string]string {
	byBare := map[string]string{}
	for _, name := range names {
		byBare[bare(name)] = name
	}
	return byBare
}

// bare returns a name without the features that distinguish naming conventions.
func bare(name string) string {
	return strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(name, "_", ""), "-", ""))
}
