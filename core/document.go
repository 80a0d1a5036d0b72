package core

import (
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// A document is a body during its verification. It is scanned at most once, and only if something needs its tokens: the
// claim, the canonical forms and the event all come from the same ones.
type document struct {
	raw, php, js  jsonText
	scanned       bool
	canonicalized bool

	unquoted []byte // working space for one string
}

var documents = sync.Pool{New: func() any { return new(document) }}

func newDocument(body []byte) *document {
	d := documents.Get().(*document)
	d.raw.reset(body)
	d.scanned, d.canonicalized = false, false
	return d
}

// free gives d back for reuse. Nothing that d returned may be used any more.
func (d *document) free() {
	d.raw.reset(nil)
	documents.Put(d)
}

// form returns the bytes of the document in the given form. Those of FormRaw need not be JSON.
func (d *document) form(f Form) ([]byte, error) {
	if f == FormRaw {
		return d.raw.bytes, nil
	}
	text := d.canonical(f)
	return text.bytes, text.err
}

func (d *document) scan() *jsonText {
	if !d.scanned {
		d.scanned = true
		d.raw.err = d.raw.scan()
	}
	return &d.raw
}

func (d *document) canonical(f Form) *jsonText {
	if !d.canonicalized {
		d.canonicalized = true
		d.canonicalize()
	}
	if f == FormPHP {
		return &d.php
	}
	return &d.js
}

// unquote returns the value of a string. It is valid until the next call.
func (d *document) unquote(text *jsonText, tok token) []byte {
	literal := text.literal(tok)
	if tok.kind == plainString {
		return literal[1 : len(literal)-1]
	}
	d.unquoted, _ = jsontext.AppendUnquote(d.unquoted[:0], literal) // no error: the text is valid
	return d.unquoted
}
