package diagnose

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// urlrOrder is the order in which URLR writes the members of an event, of all generations: no two contradict each other.
var urlrOrder = []string{
	"event", "link", "is_qrcode", "is_unique", "country", "region", "city", "system", "browser", "isBot", "referer", "timestamp",
}

// urlrLinkOrder is the same for the link.
var urlrLinkOrder = []string{"id", "code", "label", "team", "team_id", "workspace_id", "folder", "folder_id"}

// An ordering is a document with its members in another order, without white space.
type ordering struct {
	how  string
	text []byte
}

// orderings leaves out those that change nothing.
func orderings(body []byte) []ordering {
	sorted, err := format(body, jsontext.ReorderRawObjects(true))
	if err != nil {
		return nil
	}
	received, _ := format(body) // no error: it could be sorted
	list := []ordering{{"with its keys in the order in which URLR writes them", inURLROrder(received)}, {"with its keys sorted", sorted}}
	return slices.DeleteFunc(list, func(o ordering) bool { return bytes.Equal(o.text, received) })
}

func reordered(body []byte, try try) {
	for _, o := range orderings(body) {
		try("the body is written "+o.how, o.text)
	}
}

// inURLROrder expects an event without white space. What is none is returned as it is.
func inURLROrder(event []byte) []byte {
	members := membersOf(event)
	if members == nil {
		return event
	}
	for i, m := range members {
		if link := membersOf(m.value); m.name == "link" && link != nil {
			members[i].value = appendMembers(nil, link, urlrLinkOrder)
		}
	}
	return appendMembers(nil, members, urlrOrder)
}

// A member is a member of an object. The literal is the name as it is written.
type member struct {
	name           string
	literal, value []byte
}

// membersOf returns the members of an object in valid JSON, or nil for another value.
func membersOf(value []byte) []member {
	d := jsontext.NewDecoder(bytes.NewReader(value), jsontext.AllowDuplicateNames(true))
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return nil
	}
	members := []member{}
	for d.PeekKind() == '"' {
		literal, _ := d.ReadValue() // no errors: the text is valid
		m := member{literal: bytes.Clone(literal)}
		name, _ := jsontext.AppendUnquote(nil, literal)
		value, _ := d.ReadValue()
		m.name, m.value = string(name), bytes.Clone(value)
		members = append(members, m)
	}
	return members
}

// appendMembers appends an object whose members are in the given order. Those that the order does not know are last.
func appendMembers(dst []byte, members []member, order []string) []byte {
	rank := func(m member) int {
		if i := slices.Index(order, m.name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(members, func(a, b member) int { return rank(a) - rank(b) })
	dst = append(dst, '{')
	for i, m := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, m.literal...), ':'), m.value...)
	}
	return append(dst, '}')
}
