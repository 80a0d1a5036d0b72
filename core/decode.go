package core

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// An eventReader reads events. It collects the strings of an event, behind its fingerprint, so that
// they cost one allocation.
type eventReader struct {
	scanner jsondoc.Scanner
	event   *Event
	typed   bool   // the event has a type
	moved   bool   // it has a workspace_id, which was called team_id before 2026-05
	values  []byte // working space for the strings
	spans   [13]span
	n       int // how many spans there are
}

// A span is where the value of a string stands in the values. There is at most one for each field.
type span struct {
	dst        *string
	start, end int
}

var errNoEvent = errors.New(`not a JSON object with a string "event"`)

func malformed(err error) error { return fmt.Errorf("%w: %w", ErrMalformedEvent, err) }

// read reads an event from text. The error wraps [ErrMalformedEvent].
func (r *eventReader) read(text []byte, signature mac) (*Event, error) {
	r.event, r.typed, r.moved, r.n = new(Event), false, false, 0
	r.values = appendFingerprint(r.values[:0], signature)
	r.scanner.AllowLoneSurrogates = true // what can be decoded is, and Drift names the rest
	r.scanner.Reset(text)
	if kind := r.scanner.Next(); kind != jsondoc.ObjectStart && kind != jsondoc.Invalid {
		return nil, malformed(errNoEvent)
	}
	r.readEvent()
	r.scanner.Next() // the end, unless something follows
	if err := r.scanner.Err(); err != nil {
		return nil, malformed(err)
	}
	if !r.typed {
		return nil, malformed(errNoEvent)
	}
	r.setStrings()
	return r.event, nil
}

// maxKeptBytes is how large a buffer may be to be kept for reuse.
const maxKeptBytes = 64 << 10

// release lets go of what was read, and of memory that only an unusual text needs.
func (r *eventReader) release() {
	r.scanner.Release()
	clear(r.spans[:r.n])
	r.event, r.n = nil, 0
	if cap(r.values) > maxKeptBytes {
		r.values = nil
	}
}

func (r *eventReader) setStrings() {
	values := string(r.values)
	r.event.fingerprint = values[:fingerprintLen]
	for _, s := range r.spans[:r.n] {
		*s.dst = values[s.start:s.end]
	}
	if r.event.Country == "null" { // as URLR's documentation writes it
		r.event.Country = ""
	}
}

func (r *eventReader) readEvent() {
	for r.scanner.Next() == jsondoc.Name {
		name := r.scanner.Text()
		r.readEventField(name)
		if r.scanner.LoneSurrogate {
			r.drift(string(name))
		}
	}
}

func (r *eventReader) readLink() {
	for r.scanner.Next() == jsondoc.Name {
		name := r.scanner.Text()
		r.readLinkField(name)
		if r.scanner.LoneSurrogate {
			r.drift("link." + string(name))
		}
	}
}

func (r *eventReader) readEventField(name []byte) {
	e := r.event
	switch string(name) {
	case "event":
		r.typed = r.readString((*string)(&e.Type), "event")
	case "link":
		if kind := r.scanner.Next(); kind == jsondoc.ObjectStart {
			r.readLink()
		} else {
			r.unexpected("link", kind)
		}
	case "is_qrcode":
		r.readBool(&e.IsQRCode, &e.flags[0], "is_qrcode")
	case "is_unique":
		r.readBool(&e.IsUnique, &e.flags[1], "is_unique")
	case "isBot":
		r.readBool(&e.IsBot, &e.flags[2], "isBot")
	case "country":
		r.readNullable(&e.Country, "country")
	case "region":
		r.readNullable(&e.Region, "region")
	case "city":
		r.readNullable(&e.City, "city")
	case "system":
		r.readNullable(&e.System, "system")
	case "browser":
		r.readNullable(&e.Browser, "browser")
	case "referer":
		r.readNullable(&e.Referer, "referer")
	case "timestamp":
		r.readTime(&e.Timestamp, "timestamp")
	default:
		r.scanner.Skip(r.scanner.Next())
	}
}

func (r *eventReader) readLinkField(name []byte) {
	l := &r.event.Link
	switch string(name) {
	case "id":
		r.readString(&l.ID, "link.id")
	case "code":
		r.readString(&l.Code, "link.code")
	case "label":
		r.readString(&l.Label, "link.label")
	case "workspace_id":
		r.moved = r.readString(&l.WorkspaceID, "link.workspace_id")
	case "team_id":
		if kind := r.scanner.Next(); !r.moved || kind != jsondoc.String {
			r.setString(&l.WorkspaceID, "link.team_id", kind)
		}
	case "folder_id":
		r.readString(&l.FolderID, "link.folder_id")
	case "team":
		r.readInteger(&l.Team, "link.team")
	case "folder":
		r.readInteger(&l.Folder, "link.folder")
	default:
		r.scanner.Skip(r.scanner.Next())
	}
}

func (r *eventReader) readString(dst *string, path string) bool {
	return r.setString(dst, path, r.scanner.Next())
}

func (r *eventReader) readNullable(dst *string, path string) {
	if kind := r.scanner.Next(); kind != jsondoc.Null {
		r.setString(dst, path, kind)
	}
}

// setString takes the current token, which is of this kind, for the value of dst. It reports whether
// it is a string.
func (r *eventReader) setString(dst *string, path string, kind jsondoc.Kind) bool {
	if kind != jsondoc.String {
		r.unexpected(path, kind)
		return false
	}
	start := len(r.values)
	r.values = r.scanner.AppendText(r.values)
	r.spans[r.n] = span{dst, start, len(r.values)}
	r.n++
	return true
}

func (r *eventReader) readBool(dst **bool, flag *bool, path string) {
	kind := r.scanner.Next()
	if kind != jsondoc.True && kind != jsondoc.False {
		r.unexpected(path, kind)
		return
	}
	*flag = kind == jsondoc.True
	*dst = flag
}

func (r *eventReader) readInteger(dst *int64, path string) {
	kind := r.scanner.Next()
	if kind == jsondoc.Number {
		if n, ok := r.scanner.Integer(); ok {
			*dst = n
			return
		}
	}
	r.unexpected(path, kind)
}

// The first and the last second that time.Time can be encoded for (RFC 3339, section 5.6).
const (
	firstSecond = -62167219200 // 0000-01-01T00:00:00Z
	lastSecond  = 253402300799 // 9999-12-31T23:59:59Z
)

func (r *eventReader) readTime(dst *time.Time, path string) {
	kind := r.scanner.Next()
	if kind == jsondoc.Number {
		n, ok := r.scanner.Integer()
		if ok && firstSecond <= n && n <= lastSecond {
			*dst = time.Unix(n, 0).UTC()
			return
		}
	}
	r.unexpected(path, kind)
}

// unexpected skips a value of another type or range than documented, whose first token is the current
// one.
func (r *eventReader) unexpected(path string, kind jsondoc.Kind) {
	r.drift(path)
	r.scanner.Skip(kind)
}

// drift notes a field once, whatever is the matter with it.
func (r *eventReader) drift(path string) {
	r.scanner.LoneSurrogate = false
	if !slices.Contains(r.event.drift, path) {
		r.event.drift = append(r.event.drift, path)
	}
}
