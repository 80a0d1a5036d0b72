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
	received, err := format(body)
	if err != nil {
		return nil
	}
	sorted, err := format(body, jsontext.ReorderRawObjects(true))
	if err != nil {
		return nil
	}
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

// membersOf returns the members of an object, or nil if the text is none.
func membersOf(object []byte) []member {
	d := jsontext.NewDecoder(bytes.NewReader(object), jsontext.AllowDuplicateNames(true))
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return nil
	}
	members := []member{}
	for d.PeekKind() == '"' {
		literal, err := d.ReadValue()
		if err != nil {
			return nil
		}
		m := member{literal: bytes.Clone(literal)}
		name, err := jsontext.AppendUnquote(nil, literal)
		if err != nil {
			return nil
		}
		value, err := d.ReadValue()
		if err != nil {
			return nil
		}
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
