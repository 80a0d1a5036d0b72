package core

import (
	"bytes"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// A document is a body during its verification. What is found out about it is found out once, and only if it is needed.
type document struct {
	body     []byte
	valid    error // of the body; known if validated
	php, js  canonicalForm
	unquoted []byte // working space for one string
	values   []byte // working space for the strings of an event

	validated, canonicalized bool
}

// A canonicalForm is the bytes of a canonical form, or the reason why there is none.
type canonicalForm struct {
	bytes []byte
	err   error
}

var documents = sync.Pool{New: func() any { return new(document) }}

func newDocument(body []byte) *document {
	d := documents.Get().(*document)
	d.body, d.validated, d.canonicalized = body, false, false
	return d
}

// free gives d back for reuse. Nothing that d returned may be used any more.
func (d *document) free() {
	d.body = nil
	documents.Put(d)
}

// form returns the bytes of the document in the given form. Those of FormRaw need not be JSON.
func (d *document) form(f Form) ([]byte, error) {
	if f == FormRaw {
		return d.body, nil
	}
	if !d.canonicalized {
		d.canonicalized = true
		d.canonicalize()
	}
	if f == FormPHP {
		return d.php.bytes, d.php.err
	}
	return d.js.bytes, d.js.err
}

// json returns the JSON text of the document in the given form.
func (d *document) json(f Form) ([]byte, error) {
	if f == FormRaw {
		return d.body, d.validate()
	}
	return d.form(f) // what is canonical is valid
}

func (d *document) validate() error {
	if !d.validated {
		d.validated = true
		d.valid = validate(d.body)
	}
	return d.valid
}

// unquote returns the value of a string. It is valid until the next call.
func (d *document) unquote(literal []byte, kind byte) []byte {
	if kind == plainString || bytes.IndexByte(literal, '\\') < 0 {
		return literal[1 : len(literal)-1]
	}
	d.unquoted, _ = jsontext.AppendUnquote(d.unquoted[:0], literal) // no error: the text is valid
	return d.unquoted
}
