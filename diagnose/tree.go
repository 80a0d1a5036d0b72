package diagnose

import (
	"slices"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// maxValues limits the values of a document that is parsed. Those that URLR sends have about 20.
const maxValues = 1 << 12

// A value is a JSON value of a parsed document.
type value struct {
	kind    jsondoc.Kind // the kind of its first token
	text    []byte       // as written in the document
	members []member     // of an object, or the elements of an array
}

// A member is a member of an object, or an element of an array, which has no name. The literal is
// the name as written.
type member struct {
	name    string
	literal []byte
	value   value
}

// parse parses a document. It returns nil if the body is not a document, is nested too deeply or
// has too many values.
func parse(body []byte) *value {
	p := parser{text: body, scanner: newScanner(), left: maxValues}
	p.scanner.Reset(body)
	document, ok := p.value(p.scanner.Next())
	if !ok || p.scanner.Next() != jsondoc.End {
		return nil
	}
	return &document
}

type parser struct {
	text    []byte
	scanner *jsondoc.Scanner
	left    int // how many more values there may be
}

// value parses the value that begins with a token of this kind.
func (p *parser) value(kind jsondoc.Kind) (v value, ok bool) {
	p.left--
	if kind == jsondoc.Invalid || p.left < 0 {
		return v, false
	}
	start := p.scanner.Offset() - len(p.scanner.Literal())
	v.kind = kind
	if v.isContainer() {
		if v.members, ok = p.members(); !ok {
			return v, false
		}
	}
	v.text = p.text[start:p.scanner.Offset()]
	return v, true
}

func (p *parser) members() (members []member, ok bool) {
	for {
		kind := p.scanner.Next()
		if kind == jsondoc.ObjectEnd || kind == jsondoc.ArrayEnd {
			return members, true
		}
		var m member
		if kind == jsondoc.Name {
			m.name, m.literal = string(p.scanner.Text()), p.scanner.Literal()
			kind = p.scanner.Next()
		}
		if m.value, ok = p.value(kind); !ok {
			return nil, false
		}
		members = append(members, m)
	}
}

func (v *value) isObject() bool    { return v.kind == jsondoc.ObjectStart }
func (v *value) isContainer() bool { return v.isObject() || v.kind == jsondoc.ArrayStart }

// member returns the first member with this name, or nil.
func (v *value) member(name string) *value {
	i := slices.IndexFunc(v.members, func(m member) bool { return v.isObject() && m.name == name })
	if i < 0 {
		return nil
	}
	return &v.members[i].value
}

// string returns the value of a string, and "" for any other value.
func (v *value) string() string {
	if v.kind != jsondoc.String {
		return ""
	}
	return string(jsondoc.AppendUnquoted(nil, v.text[1:len(v.text)-1]))
}

// set makes v a scalar.
func (v *value) set(kind jsondoc.Kind, text string) {
	*v = value{kind: kind, text: []byte(text)}
}

// walk calls visit for v and each value in it.
func (v *value) walk(visit func(*value)) {
	visit(v)
	for i := range v.members {
		v.members[i].value.walk(visit)
	}
}

// append appends the value without whitespace.
func (v *value) append(dst []byte) []byte {
	switch v.kind {
	case jsondoc.ObjectStart:
		return append(appendMembers(append(dst, '{'), v.members), '}')
	case jsondoc.ArrayStart:
		return append(appendMembers(append(dst, '['), v.members), ']')
	default:
		return append(dst, v.text...)
	}
}

func appendMembers(dst []byte, members []member) []byte {
	for i, m := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		if m.literal != nil {
			dst = append(append(dst, m.literal...), ':')
		}
		dst = m.value.append(dst)
	}
	return dst
}

// clone returns a copy whose members can be changed.
func (v *value) clone() *value {
	c := *v
	c.members = slices.Clone(v.members)
	for i := range c.members {
		c.members[i].value = *c.members[i].value.clone()
	}
	return &c
}
