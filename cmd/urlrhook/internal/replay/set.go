package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/urlr-community/webhooks-go/core"
)

// ErrNoField means that the body has no place for the field.
var ErrNoField = errors.New("the field can't be set")

// Set returns a body with a field changed and every other byte as it was. The field is a path like
// link.code. A value that is not JSON is a string. Strings are written as URLR writes them.
func Set(body []byte, field, value string) ([]byte, error) {
	if !json.Valid(body) {
		return nil, fmt.Errorf("%w: the body is not JSON", ErrNoField)
	}
	return set(body, strings.Split(field, "."), encode(value))
}

// encode returns a value as JSON, in PHP's form.
func encode(value string) []byte {
	encoded := []byte(value)
	if !json.Valid(encoded) {
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(value) // a string
		encoded = bytes.TrimSpace(b.Bytes())
	}
	if canonical, err := core.Canonicalize(nil, encoded, core.FormPHP); err == nil {
		return canonical
	}
	return encoded
}

// set changes an object. If a field is there twice it changes the last one, which parsers use.
func set(object []byte, path []string, value []byte) ([]byte, error) {
	object = bytes.TrimSpace(object)
	if len(object) == 0 || object[0] != '{' {
		return nil, fmt.Errorf("%w: the parent of %s is not an object", ErrNoField, path[0])
	}
	start, end, err := find(object, path[0])
	if err != nil {
		return nil, err
	}
	switch {
	case end == 0 && len(path) > 1:
		return nil, fmt.Errorf("%w: there is no %s", ErrNoField, path[0])
	case end == 0:
		return appendField(object, path[0], value), nil
	case len(path) > 1:
		if value, err = set(object[start:end], path[1:], value); err != nil {
			return nil, err
		}
	}
	return bytes.Join([][]byte{object[:start], value, object[end:]}, nil), nil
}

// find returns where a field's value starts and ends, or zeros.
func find(object []byte, name string) (start, end int, err error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil { // the brace
		return 0, 0, err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return 0, 0, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return 0, 0, err
		}
		if key == name {
			end = int(d.InputOffset())
			start = end - len(value)
		}
	}
	return start, end, nil
}

func appendField(object []byte, name string, value []byte) []byte {
	inside := bytes.TrimRight(object[:len(object)-1], " \t\r\n")
	if len(inside) > 1 {
		inside = append(bytes.Clone(inside), ',')
	}
	return bytes.Join([][]byte{inside, encode(jsonString(name)), []byte(":"), value, []byte("}")}, nil)
}

func jsonString(s string) string {
	encoded, _ := json.Marshal(s) // a string
	return string(encoded)
}
