package core

import (
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// maxSafeInteger is the largest integer that every JSON parser hands on unchanged (RFC 7493, section 2.2). One beyond it
// could differ from one form of a body to another.
const maxSafeInteger = 1<<53 - 1

// decodeEvent reads an event from a JSON object, strictly. The error is [ErrMalformedEvent].
func decodeEvent(body []byte) (*Event, error) {
	d := decoders.Get().(*decoder)
	defer decoders.Put(d)
	return d.decode(body)
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// A decoder reads one event at a time. It collects the event's strings in one buffer, so that they cost one allocation.
type decoder struct {
	tokens tokens
	event  *Event
	typed  bool   // the event has a type
	teamID string // what workspace_id was called before 2026-05
	text   []byte
	spans  []span
}

// A span is where the value of a string stands in the text.
type span struct {
	dst        *string
	start, end int
}

func (d *decoder) decode(body []byte) (*Event, error) {
	e := new(Event)
	d.event, d.typed, d.teamID = e, false, ""
	d.text, d.spans = d.text[:0], d.spans[:0]
	d.tokens.reset(body)
	err := d.readBody()
	d.event = nil
	if err != nil || !d.typed {
		return nil, ErrMalformedEvent
	}
	d.setStrings()
	if e.Link.WorkspaceID == "" {
		e.Link.WorkspaceID = d.teamID
	}
	return e, nil
}

func (d *decoder) setStrings() {
	text := string(d.text)
	for _, s := range d.spans {
		*s.dst = text[s.start:s.end]
	}
	clear(d.spans) // an idle decoder must not keep the event alive
}

func (d *decoder) readBody() error {
	tok, err := d.tokens.next()
	if err != nil {
		return err
	}
	if tok.kind != '{' {
		return errNotJSON
	}
	if err := d.readMembers((*decoder).readEventField); err != nil {
		return err
	}
	return d.tokens.end()
}

// readMembers reads what follows a '{', up to its '}'.
func (d *decoder) readMembers(readField func(d *decoder, name []byte, value token) error) error {
	for {
		tok, err := d.tokens.next()
		if err != nil || tok.kind == '}' {
			return err
		}
		name, err := unquote(tok.literal)
		if err != nil {
			return err
		}
		value, err := d.tokens.next()
		if err != nil {
			return err
		}
		if err := readField(d, name, value); err != nil {
			return err
		}
	}
}

func (d *decoder) readEventField(name []byte, value token) error {
	e := d.event
	switch string(name) {
	case "event":
		d.typed = value.kind == '"'
		return d.readString((*string)(&e.Type), "event", value)
	case "link":
		if value.kind == '{' {
			return d.readMembers((*decoder).readLinkField)
		}
		return d.drift("link", value)
	case "is_qrcode":
		return d.readBool(&e.IsQRCode, &e.flags[0], "is_qrcode", value)
	case "is_unique":
		return d.readBool(&e.IsUnique, &e.flags[1], "is_unique", value)
	case "isBot":
		return d.readBool(&e.IsBot, &e.flags[2], "isBot", value)
	case "country":
		if string(value.literal) == `"null"` { // as URLR's documentation writes it
			return nil
		}
		return d.readNullable(&e.Country, "country", value)
	case "region":
		return d.readNullable(&e.Region, "region", value)
	case "city":
		return d.readNullable(&e.City, "city", value)
	case "system":
		return d.readNullable(&e.System, "system", value)
	case "browser":
		return d.readNullable(&e.Browser, "browser", value)
	case "referer":
		return d.readNullable(&e.Referer, "referer", value)
	case "timestamp":
		return d.readTime(&e.Timestamp, "timestamp", value)
	default:
		return d.skip(value)
	}
}

func (d *decoder) readLinkField(name []byte, value token) error {
	l := &d.event.Link
	switch string(name) {
	case "id":
		return d.readString(&l.ID, "link.id", value)
	case "code":
		return d.readString(&l.Code, "link.code", value)
	case "label":
		return d.readString(&l.Label, "link.label", value)
	case "workspace_id":
		return d.readString(&l.WorkspaceID, "link.workspace_id", value)
	case "team_id":
		return d.readString(&d.teamID, "link.team_id", value)
	case "folder_id":
		return d.readString(&l.FolderID, "link.folder_id", value)
	case "team":
		return d.readInteger(&l.Team, "link.team", value)
	case "folder":
		return d.readInteger(&l.Folder, "link.folder", value)
	default:
		return d.skip(value)
	}
}

func (d *decoder) readString(dst *string, path string, value token) error {
	if value.kind != '"' {
		return d.drift(path, value)
	}
	start := len(d.text)
	var err error
	d.text, err = appendUnquoted(d.text, value.literal)
	d.spans = append(d.spans, span{dst, start, len(d.text)})
	return err
}

func (d *decoder) readNullable(dst *string, path string, value token) error {
	if value.kind == 'n' {
		return nil
	}
	return d.readString(dst, path, value)
}

func (d *decoder) readBool(dst **bool, flag *bool, path string, value token) error {
	if value.kind != 't' && value.kind != 'f' {
		return d.drift(path, value)
	}
	*flag = value.kind == 't'
	*dst = flag
	return nil
}

func (d *decoder) readInteger(dst *int64, path string, value token) error {
	n, ok := integer(value)
	if !ok {
		return d.drift(path, value)
	}
	*dst = n
	return nil
}

func (d *decoder) readTime(dst *time.Time, path string, value token) error {
	seconds, ok := integer(value)
	if !ok {
		return d.drift(path, value)
	}
	*dst = time.Unix(seconds, 0).UTC()
	return nil
}

// integer returns the value of a number that is an integer, however it is written: a gateway may turn 5 into 5.0.
func integer(value token) (int64, bool) {
	if value.kind != '0' {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(value.literal), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > maxSafeInteger {
		return 0, false
	}
	return int64(f), true
}

func (d *decoder) drift(path string, value token) error {
	d.event.drift = append(d.event.drift, path)
	return d.skip(value)
}

// skip reads the rest of a value that began with this token.
func (d *decoder) skip(value token) error {
	if value.kind != '{' && value.kind != '[' {
		return nil
	}
	for outside := d.tokens.depth() - 1; d.tokens.depth() > outside; {
		if _, err := d.tokens.next(); err != nil {
			return err
		}
	}
	return nil
}

// unquote returns the text of a string literal, without a copy if it has no escapes.
func unquote(literal []byte) ([]byte, error) {
	if hasEscapes(literal) {
		return jsontext.AppendUnquote(nil, literal)
	}
	return literal[1 : len(literal)-1], nil
}

func appendUnquoted(dst, literal []byte) ([]byte, error) {
	if hasEscapes(literal) {
		return jsontext.AppendUnquote(dst, literal)
	}
	return append(dst, literal[1:len(literal)-1]...), nil
}
