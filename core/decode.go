package core

import (
	"math"
	"strconv"
	"time"
)

// maxSafeInteger is the largest integer that every JSON parser hands on unchanged (RFC 7493, section 2.2). One beyond it
// could differ from one form of a body to another.
const maxSafeInteger = 1<<53 - 1

// event reads the event from the document in the given form, with the fingerprint of its signature. The error is [ErrMalformedEvent].
func (d *document) event(f Form, signature mac) (*Event, error) {
	text, err := d.json(f)
	if err != nil {
		return nil, ErrMalformedEvent
	}
	r := eventReader{document: d, tokens: tokenizer{text: text}, event: new(Event)}
	if r.tokens.next().kind != '{' {
		return nil, ErrMalformedEvent
	}
	d.values = appendFingerprint(d.values[:0], signature)
	r.readEvent()
	if !r.typed {
		return nil, ErrMalformedEvent
	}
	r.setStrings()
	return r.event, nil
}

// An eventReader reads an event from the tokens of a document. It collects the strings of the event in the document's values, behind
// its fingerprint, so that they cost one allocation.
type eventReader struct {
	document *document
	tokens   tokenizer
	event    *Event
	typed    bool // the event has a type
	moved    bool // it has a workspace_id, which was called team_id before 2026-05
	spans    [13]span
	n        int // how many spans there are
}

// A span is where the value of a string stands in the values. There is at most one for each field.
type span struct {
	dst        *string
	start, end int
}

func (r *eventReader) setStrings() {
	values := string(r.document.values)
	r.event.fingerprint = values[:fingerprintLen]
	for _, s := range r.spans[:r.n] {
		*s.dst = values[s.start:s.end]
	}
	if r.event.Country == "null" { // as URLR's documentation writes it
		r.event.Country = ""
	}
}

// member returns the next member of an object, or false at its end.
func (r *eventReader) member() (name []byte, value token, ok bool) {
	tok := r.tokens.next()
	if tok.kind == '}' {
		return nil, token{}, false
	}
	return r.unquote(tok), r.tokens.next(), true
}

func (r *eventReader) unquote(tok token) []byte {
	return r.document.unquote(r.tokens.literal(tok), tok.kind)
}

func (r *eventReader) readEvent() {
	for {
		name, value, ok := r.member()
		if !ok {
			return
		}
		r.readEventField(name, value)
	}
}

func (r *eventReader) readLink() {
	for {
		name, value, ok := r.member()
		if !ok {
			return
		}
		r.readLinkField(name, value)
	}
}

func (r *eventReader) readEventField(name []byte, value token) {
	e := r.event
	switch string(name) {
	case "event":
		r.typed = value.isString()
		r.readString((*string)(&e.Type), "event", value)
	case "link":
		if value.kind == '{' {
			r.readLink()
		} else {
			r.drift("link", value)
		}
	case "is_qrcode":
		r.readBool(&e.IsQRCode, &e.flags[0], "is_qrcode", value)
	case "is_unique":
		r.readBool(&e.IsUnique, &e.flags[1], "is_unique", value)
	case "isBot":
		r.readBool(&e.IsBot, &e.flags[2], "isBot", value)
	case "country":
		r.readNullable(&e.Country, "country", value)
	case "region":
		r.readNullable(&e.Region, "region", value)
	case "city":
		r.readNullable(&e.City, "city", value)
	case "system":
		r.readNullable(&e.System, "system", value)
	case "browser":
		r.readNullable(&e.Browser, "browser", value)
	case "referer":
		r.readNullable(&e.Referer, "referer", value)
	case "timestamp":
		r.readTime(&e.Timestamp, "timestamp", value)
	default:
		r.skip(value)
	}
}

func (r *eventReader) readLinkField(name []byte, value token) {
	l := &r.event.Link
	switch string(name) {
	case "id":
		r.readString(&l.ID, "link.id", value)
	case "code":
		r.readString(&l.Code, "link.code", value)
	case "label":
		r.readString(&l.Label, "link.label", value)
	case "workspace_id":
		r.moved = value.isString()
		r.readString(&l.WorkspaceID, "link.workspace_id", value)
	case "team_id":
		if !r.moved || !value.isString() {
			r.readString(&l.WorkspaceID, "link.team_id", value)
		}
	case "folder_id":
		r.readString(&l.FolderID, "link.folder_id", value)
	case "team":
		r.readInteger(&l.Team, "link.team", value)
	case "folder":
		r.readInteger(&l.Folder, "link.folder", value)
	default:
		r.skip(value)
	}
}

func (r *eventReader) readString(dst *string, path string, value token) {
	if !value.isString() {
		r.drift(path, value)
		return
	}
	start := len(r.document.values)
	r.document.values = append(r.document.values, r.unquote(value)...)
	r.spans[r.n] = span{dst, start, len(r.document.values)}
	r.n++
}

func (r *eventReader) readNullable(dst *string, path string, value token) {
	if value.kind != 'n' {
		r.readString(dst, path, value)
	}
}

func (r *eventReader) readBool(dst **bool, flag *bool, path string, value token) {
	if value.kind != 't' && value.kind != 'f' {
		r.drift(path, value)
		return
	}
	*flag = value.kind == 't'
	*dst = flag
}

func (r *eventReader) readInteger(dst *int64, path string, value token) {
	n, ok := r.integer(value)
	if !ok {
		r.drift(path, value)
		return
	}
	*dst = n
}

func (r *eventReader) readTime(dst *time.Time, path string, value token) {
	seconds, ok := r.integer(value)
	if !ok {
		r.drift(path, value)
		return
	}
	*dst = time.Unix(seconds, 0).UTC()
}

// integer returns the value of a number that is an integer, however it is written: a gateway may turn 5 into 5.0.
func (r *eventReader) integer(value token) (int64, bool) {
	if value.kind != '0' {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(r.tokens.literal(value)), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > maxSafeInteger {
		return 0, false
	}
	return int64(f), true
}

func (r *eventReader) drift(path string, value token) {
	r.event.drift = append(r.event.drift, path)
	r.skip(value)
}

// skip skips the rest of a value that begins with this token.
func (r *eventReader) skip(value token) {
	for depth := value.nesting(); depth > 0; {
		depth += r.tokens.next().nesting()
	}
}
