package core

import (
	"sync"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// A document is a body during its verification. What is found out about it is found out once, and
// only if it is needed.
type document struct {
	body    []byte
	forms   jsondoc.Forms
	written bool        // forms has the forms of body
	reader  eventReader // working space
	claimed *Event      // the event of body before anything is verified, once the claim is read
}

var documents = sync.Pool{New: func() any { return new(document) }}

func newDocument(body []byte) *document {
	d := documents.Get().(*document)
	d.body = body
	return d
}

// free gives d back for reuse. Nothing that d returned may be used any more, except for events.
func (d *document) free() {
	d.body, d.written, d.claimed = nil, false, nil
	d.forms.Release()
	d.reader.release()
	documents.Put(d)
}

// form returns the bytes of the document in the given form. Those of FormRaw need not be JSON.
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

// event reads the event from the document in the given form, with the fingerprint of its signature.
// The error wraps [ErrMalformedEvent].
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

// claim returns what the body claims before anything is verified.
func (d *document) claim(signature mac) Claim {
	e, whole, err := d.reader.readClaim(d.body, signature)
	if err != nil {
		return Claim{}
	}
	if whole {
		d.claimed = e
	}
	l := &e.Link
	return Claim{
		LinkID: l.ID, LinkCode: l.Code, WorkspaceID: l.WorkspaceID, FolderID: l.FolderID,
		Folder: l.Folder, Team: l.Team,
	}
}
