package diagnose

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// urlrOrder is the order in which URLR writes the members of an event. It covers all generations,
// since none contradicts another.
var urlrOrder = []string{
	"event", "link", "is_qrcode", "is_unique", "country", "region", "city", "system", "browser", "isBot",
	"referer", "timestamp",
}

// urlrLinkOrder is the same for the link.
var urlrLinkOrder = []string{"id", "code", "label", "team", "team_id", "workspace_id", "folder", "folder_id"}

// An ordering is a document with its members in another order, without whitespace.
type ordering struct {
	how  string
	text []byte
}

// orderings omits those that change nothing.
func orderings(body []byte) []ordering {
	document := parse(body)
	if document == nil {
		return nil
	}
	received := document.append(nil)
	byURLR, sorted, byLength := document.clone(), document.clone(), document.clone()
	sortAsURLR(byURLR)
	sortByName(sorted)
	sortByLength(byLength)
	list := []ordering{
		{"with its keys in the order in which URLR writes them", byURLR.append(nil)},
		{"with its keys sorted", sorted.append(nil)},
		{"with its keys sorted by length", byLength.append(nil)},
	}
	return slices.DeleteFunc(list, func(o ordering) bool { return bytes.Equal(o.text, received) })
}

// reordered tries the members of a document in other orders.
func reordered(body []byte, try try) {
	for _, o := range append(orderings(body), withNewMember(body)...) {
		try("the body is written "+o.how, format(o.text, jsondoc.Layout{Unescaped: true}))
	}
}

// withNewMember returns the orders that URLR may use if it added one member since the last
// documented generation.
func withNewMember(body []byte) []ordering {
	event := parse(body)
	if event == nil || !event.isObject() {
		return nil
	}
	sortAsURLR(event)
	last := len(event.members) - 1
	if last < 1 || !isUndocumented(event.members[last]) || isUndocumented(event.members[last-1]) {
		return nil
	}
	var list []ordering
	for i := last; i > 0; i-- {
		event.members[i], event.members[i-1] = event.members[i-1], event.members[i]
		list = append(list, ordering{"with its keys in the order in which URLR writes them", event.append(nil)})
	}
	return list
}

// sortByName sorts the members of all objects, as the maps of many languages do.
func sortByName(v *value) {
	v.sort(func(a, b member) int { return cmp.Compare(a.name, b.name) })
}

// sortByLength sorts the members of all objects as PostgreSQL's jsonb and MySQL do.
func sortByLength(v *value) {
	v.sort(func(a, b member) int {
		return cmp.Or(cmp.Compare(len(a.name), len(b.name)), cmp.Compare(a.name, b.name))
	})
}

// isSorted reports whether sort would change nothing.
func (v *value) isSorted(sort func(*value)) bool {
	sorted := v.clone()
	sort(sorted)
	return bytes.Equal(sorted.append(nil), v.append(nil))
}

func (v *value) sort(compare func(a, b member) int) {
	v.walk(func(v *value) {
		if v.isObject() {
			slices.SortStableFunc(v.members, compare)
		}
	})
}

// sortAsURLR sorts the members of an event and its link.
func sortAsURLR(event *value) {
	if link := event.member("link"); link != nil {
		sortByRank(link.members, urlrLinkOrder)
	}
	sortByRank(event.members, urlrOrder)
}

// isInURLROrder ignores undocumented members, since their place is unknown.
func isInURLROrder(event *value) bool {
	link := event.member("link")
	return isInOrder(event.members, urlrOrder) && (link == nil || isInOrder(link.members, urlrLinkOrder))
}

func isInOrder(members []member, order []string) bool {
	last := -1
	for _, m := range members {
		i := slices.Index(order, m.name)
		if i >= 0 && i < last {
			return false
		}
		last = max(last, i)
	}
	return true
}

// sortByRank sorts members into an order. Members that are not in it come last.
func sortByRank(members []member, order []string) {
	rank := func(m member) int {
		if i := slices.Index(order, m.name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(members, func(a, b member) int { return rank(a) - rank(b) })
}
