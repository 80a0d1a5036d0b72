package core

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// An eventReader decodes events. It collects an event's fingerprint and strings in one buffer, so
// that they need a single allocation.
type eventReader struct {
	scanner jsondoc.Scanner
	event   *Event
	seen    field  // the fields read so far
	twice   bool   // a field occurred twice; stop reading
	typed   bool   // the event has a type
	linked  bool   // its link has been read
	moved   bool   // it has a workspace_id, called team_id before 2026-05
	unknown int    // names of unknown fields made for the drift
	values  []byte // scratch space for the strings
	spans   [13]span
	n       int // number of spans
}

// A field is a bit set with one bit for each field of an event.
type field uint32

const (
	fieldEvent field = 1 << iota
	fieldLink
	fieldIsQRCode
	fieldIsUnique
	fieldIsBot
	fieldCountry
	fieldRegion
	fieldCity
	fieldSystem
	fieldBrowser
	fieldReferer
	fieldTimestamp
	fieldLinkID
	fieldLinkCode
	fieldLinkLabel
	fieldLinkWorkspaceID
	fieldLinkTeamID
	fieldLinkFolderID
	fieldLinkTeam
	fieldLinkFolder
)

// A span locates the value of a string field in the values. Each field has at most one.
type span struct {
	dst        *string
	start, end int
}

var errNoEvent = errors.New(`not a JSON object with a string "event"`)

func malformed(err error) error { return fmt.Errorf("%w: %w", ErrMalformedEvent, err) }

// read decodes the event in text. The error wraps [ErrMalformedEvent].
func (r *eventReader) read(text []byte, signature mac) (*Event, error) {
	r.scanner.Limited = false
	return r.readText(text, signature)
}

// readClaim is like read for an unverified body: it stops once the body costs more than a real
// event. If it has read the link by then, it returns an event with the link, and whole is false.
func (r *eventReader) readClaim(body []byte, signature mac) (e *Event, whole bool, err error) {
	r.scanner.Limited = true
	e, err = r.readText(body, signature)
	if r.linked && r.typed && (errors.Is(err, jsondoc.ErrTokens) || errors.Is(err, jsondoc.ErrRewritten)) {
		r.setStrings()
		return r.event, false, nil
	}
	return e, true, err
}

func (r *eventReader) readText(text []byte, signature mac) (*Event, error) {
	r.event, r.seen, r.n, r.unknown = new(Event), 0, 0, 0
	r.twice, r.typed, r.linked, r.moved = false, false, false, false
	r.values = appendFingerprint(r.values[:0], signature)
	r.scanner.AllowLoneSurrogates = true // decode what can be decoded; Drift names the rest
	r.scanner.Reset(text)
	if kind := r.scanner.Next(); kind != jsondoc.ObjectStart && kind != jsondoc.Invalid {
		return nil, malformed(errNoEvent)
	}
	r.readEvent()
	if r.twice {
		return nil, malformed(jsondoc.ErrDuplicateName)
	}
	r.scanner.Next() // the end, unless there is trailing data
	if err := r.scanner.Err(); err != nil {
		return nil, malformed(err)
	}
	if !r.typed {
		return nil, malformed(errNoEvent)
	}
	r.setStrings()
	return r.event, nil
}

// maxKeptBytes is the largest buffer kept for reuse.
const maxKeptBytes = 64 << 10

// release drops references to what was read, and unusually large buffers.
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
	if r.event.Country == "null" { // as in URLR's documentation
		r.event.Country = ""
	}
}

func (r *eventReader) readEvent() {
	for !r.twice && r.scanner.Next() == jsondoc.Name {
		name := r.scanner.Text()
		r.readEventField(name)
		if r.scanner.LoneSurrogate {
			r.driftUnknown("", name)
		}
	}
}

// readLink reports whether it read the link to its end.
func (r *eventReader) readLink() bool {
	for !r.twice {
		kind := r.scanner.Next()
		if kind != jsondoc.Name {
			return kind == jsondoc.ObjectEnd
		}
		name := r.scanner.Text()
		r.readLinkField(name)
		if r.scanner.LoneSurrogate {
			r.driftUnknown("link.", name)
		}
	}
	return false
}

// isFirst records a field and reports whether it is the first of its name. The scanner detects
// duplicate names only at the end of an object, when it may have read thousands of fields.
func (r *eventReader) isFirst(f field) bool {
	r.twice = r.twice || r.seen&f != 0
	r.seen |= f
	return !r.twice
}

func (r *eventReader) readEventField(name []byte) {
	e := r.event
	switch string(name) {
	case "event":
		r.typed = r.isFirst(fieldEvent) && r.readString((*string)(&e.Type), "event")
	case "link":
		if r.isFirst(fieldLink) {
			r.readLinkObject()
		}
	case "is_qrcode":
		r.readBool(fieldIsQRCode, &e.IsQRCode, &e.flags[0], "is_qrcode")
	case "is_unique":
		r.readBool(fieldIsUnique, &e.IsUnique, &e.flags[1], "is_unique")
	case "isBot":
		r.readBool(fieldIsBot, &e.IsBot, &e.flags[2], "isBot")
	case "country":
		r.readNullable(fieldCountry, &e.Country, "country")
	case "region":
		r.readNullable(fieldRegion, &e.Region, "region")
	case "city":
		r.readNullable(fieldCity, &e.City, "city")
	case "system":
		r.readNullable(fieldSystem, &e.System, "system")
	case "browser":
		r.readNullable(fieldBrowser, &e.Browser, "browser")
	case "referer":
		r.readNullable(fieldReferer, &e.Referer, "referer")
	case "timestamp":
		if r.isFirst(fieldTimestamp) {
			r.readTime(&e.Timestamp, "timestamp")
		}
	default:
		r.scanner.Skip(r.scanner.Next())
	}
}

func (r *eventReader) readLinkObject() {
	if kind := r.scanner.Next(); kind == jsondoc.ObjectStart {
		r.linked = r.readLink()
	} else {
		r.unexpected("link", kind)
	}
}

func (r *eventReader) readLinkField(name []byte) {
	l := &r.event.Link
	switch string(name) {
	case "id":
		r.readLinkString(fieldLinkID, &l.ID, "link.id")
	case "code":
		r.readLinkString(fieldLinkCode, &l.Code, "link.code")
	case "label":
		r.readLinkString(fieldLinkLabel, &l.Label, "link.label")
	case "workspace_id":
		r.moved = r.readLinkString(fieldLinkWorkspaceID, &l.WorkspaceID, "link.workspace_id")
	case "team_id":
		if r.isFirst(fieldLinkTeamID) {
			r.readTeamID(&l.WorkspaceID)
		}
	case "folder_id":
		r.readLinkString(fieldLinkFolderID, &l.FolderID, "link.folder_id")
	case "team":
		r.readInteger(fieldLinkTeam, &l.Team, "link.team")
	case "folder":
		r.readInteger(fieldLinkFolder, &l.Folder, "link.folder")
	default:
		r.scanner.Skip(r.scanner.Next())
	}
}

// readTeamID reads team_id, the former name of workspace_id. The latter takes precedence.
func (r *eventReader) readTeamID(dst *string) {
	if kind := r.scanner.Next(); !r.moved || kind != jsondoc.String {
		r.setString(dst, "link.team_id", kind)
	}
}

func (r *eventReader) readLinkString(f field, dst *string, path string) bool {
	return r.isFirst(f) && r.readString(dst, path)
}

func (r *eventReader) readString(dst *string, path string) bool {
	return r.setString(dst, path, r.scanner.Next())
}

func (r *eventReader) readNullable(f field, dst *string, path string) {
	if !r.isFirst(f) {
		return
	}
	if kind := r.scanner.Next(); kind != jsondoc.Null {
		r.setString(dst, path, kind)
	}
}

// setString records the current token, which is of this kind, as the value of dst. It reports
// whether the token is a string.
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

func (r *eventReader) readBool(f field, dst **bool, flag *bool, path string) {
	if !r.isFirst(f) {
		return
	}
	kind := r.scanner.Next()
	if kind != jsondoc.True && kind != jsondoc.False {
		r.unexpected(path, kind)
		return
	}
	*flag = kind == jsondoc.True
	*dst = flag
}

func (r *eventReader) readInteger(f field, dst *int64, path string) {
	if !r.isFirst(f) {
		return
	}
	kind := r.scanner.Next()
	if kind == jsondoc.Number {
		if n, ok := r.scanner.Integer(); ok {
			*dst = n
			return
		}
	}
	r.unexpected(path, kind)
}

// The range of seconds for which a time.Time can be encoded (RFC 3339, section 5.6).
const (
	firstSecond = -62167219200 // 0000-01-01T00:00:00Z
	lastSecond  = 253402300799 // 9999-12-31T23:59:59Z
)

func (r *eventReader) readTime(dst *time.Time, path string) {
	kind := r.scanner.Next()
	if kind == jsondoc.Number {
		n, ok := r.scanner.Integer()
		if t := time.Unix(n, 0).UTC(); ok && firstSecond <= n && n <= lastSecond && !t.IsZero() {
			*dst = t
			return
		}
	}
	r.unexpected(path, kind)
}

// unexpected skips a value of an undocumented type or range. Its first token is the current one.
func (r *eventReader) unexpected(path string, kind jsondoc.Kind) {
	r.drift(path)
	r.scanner.Skip(kind)
}

// maxDrift is the largest number of fields noted. Fewer are documented.
const maxDrift = 64

// drift notes a field, unless it is the last one noted: a field can have more than one fault.
func (r *eventReader) drift(path string) {
	r.scanner.LoneSurrogate = false
	noted := len(r.event.drift)
	if noted == maxDrift || noted > 0 && r.event.drift[noted-1] == path {
		return
	}
	r.event.drift = append(r.event.drift, path)
}

// driftUnknown notes a field whose name the sender chose. Thousands of names can be equal once their
// lone surrogates are replaced, so it counts those it makes, not those noted.
func (r *eventReader) driftUnknown(prefix string, name []byte) {
	if len(r.event.drift) < maxDrift && r.unknown < maxDrift {
		r.unknown++
		r.drift(prefix + strings.ToValidUTF8(string(name), "\ufffd"))
	}
	r.scanner.LoneSurrogate = false
}
