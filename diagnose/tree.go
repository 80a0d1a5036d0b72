package diagnose

import (
	"slices"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// maxValues is how many values a document may have to be taken apart. Those that URLR sends have about 20.
const maxValues = 1 << 16

// A value is a JSON value of a document that has been taken apart.
type value struct {
	kind    jsondoc.Kind // [jsondoc.ObjectStart], [jsondoc.ArrayStart] or that of the literal
	literal []byte       // of a scalar, as it stands in the text
	members []member     // of an object, or the elements of an array
}

// A member is a member of an object, or an element of an array, which has no name. The literal is the name as it is written.
type member struct {
	name    string
	literal []byte
	value   value
}

// parse takes a document apart. It returns nil if the body is none, is nested too deeply or has too many values.
func parse(body []byte) *value {
	p := parser{scanner: newScanner(), left: maxValues}
	p.scanner.Reset(body)
	document, ok := p.value(p.scanner.Next())
	if !ok || p.scanner.Next() != jsondoc.End {
		return nil
	}
	return &document
}

type parser struct {
	scanner *jsondoc.Scanner
	left    int // how many values there may still be
}

// value reads the value that begins with a token of this kind.
func (p *parser) value(kind jsondoc.Kind) (v value, ok bool) {
	p.left--
	v.kind = kind
	switch kind {
	case jsondoc.ObjectStart, jsondoc.ArrayStart:
		v.members, ok = p.members()
		return v, ok
	default:
		v.literal = p.scanner.Literal()
		return v, kind != jsondoc.Invalid && p.left >= 0
	}
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

// append appends the value without whitespace.
func (v *value) append(dst []byte) []byte {
	switch v.kind {
	case jsondoc.ObjectStart:
		return append(appendMembers(append(dst, '{'), v.members), '}')
	case jsondoc.ArrayStart:
		return append(appendMembers(append(dst, '['), v.members), ']')
	default:
		return append(dst, v.literal...)
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
