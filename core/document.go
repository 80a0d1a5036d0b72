package core

import (
	"sync"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// A document is a body during its verification. It computes each result at most once, on demand.
type document struct {
	body    []byte
	forms   jsondoc.Forms
	written bool        // forms holds the forms of body
	reader  eventReader // scratch space
	claimed *Event      // the unverified event of body, once the claim has been read
}

var documents = sync.Pool{New: func() any { return new(document) }}

func newDocument(body []byte) *document {
	d := documents.Get().(*document)
	d.body = body
	return d
}

// free returns d to the pool. Events stay valid; everything else that d returned does not.
func (d *document) free() {
	d.body, d.written, d.claimed = nil, false, nil
	d.forms.Release()
	d.reader.release()
	documents.Put(d)
}

// form returns the document in the given form. For FormRaw it need not be JSON.
func (d *document) form(f Form) ([]byte, error) {
	if f == FormRaw {
		return d.body, nil
	}
	if !d.written {
		d.written = true
		d.forms.Write(d.body)
	}
	return formOf(&d.forms, f)
}

// event decodes the event from the document in the given form. The error wraps [ErrMalformedEvent].
func (d *document) event(f Form, signature mac) (*Event, error) {
	if f == FormRaw && d.claimed != nil {
		return d.claimed, nil
	}
	text, err := d.form(f)
	if err != nil {
		return nil, malformed(err)
	}
	return d.reader.read(text, signature)
}

// claim returns what the unverified body claims.
func (d *document) claim(signature mac) Claim {
	e, whole, err := d.reader.readClaim(d.body, signature)
	if err != nil {
		return Claim{}
	}
	if whole {
		d.claimed = e
	}
	return claimOf(e)
}
