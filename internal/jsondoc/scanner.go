package jsondoc

import (
	"errors"
	"math"
)

// MaxDepth is the default limit on how deeply arrays and objects may be nested.
const MaxDepth = 10_000

// Errors of [Scanner.Err]. They contain no part of the text; [Scanner.Offset] returns the position.
var (
	ErrSyntax        = errors.New("not JSON (RFC 8259)")
	ErrUTF8          = errors.New("not valid UTF-8 (RFC 8259, section 8.1)")
	ErrDuplicateName = errors.New("a name occurs twice in an object (RFC 7493, section 2.3)")
	ErrLoneSurrogate = errors.New("a lone surrogate (RFC 7493, section 2.1)")
	ErrTooDeep       = errors.New("nested too deeply")
	ErrTooLong       = errors.New("longer than 2 GiB")
)

// A Kind is the kind of a token.
type Kind byte

// The kinds of tokens. Commas and colons are not tokens.
const (
	Invalid     Kind = 0 // the text is not a document; see Scanner.Err
	End         Kind = '$'
	ObjectStart Kind = '{'
	ObjectEnd   Kind = '}'
	ArrayStart  Kind = '['
	ArrayEnd    Kind = ']'
	Name        Kind = ':' // the name of a member; the next token starts its value
	String      Kind = '"'
	Number      Kind = '0'
	True        Kind = 't'
	False       Kind = 'f'
	Null        Kind = 'n'
)

// A Scanner validates a document and returns its tokens, one for each call to [Scanner.Next]. The
// zero Scanner is strict. Set its fields before calling Reset.
type Scanner struct {
	AllowDuplicateNames bool
	AllowLoneSurrogates bool // read as U+FFFD in a string, kept and encoded like other characters in a name
	Depth               int  // limit on how deeply arrays and objects may be nested; 0 means MaxDepth
	Limited             bool // stop at a text that costs more than a canonical form may

	// LoneSurrogate is set by a string or name with a lone surrogate. The caller clears it.
	LoneSurrogate bool

	text  []byte
	at    int // start of the rest of the text
	start int // start of the current token
	state state
	err   error

	spaced    bool  // whitespace precedes the current token
	separator byte  // the ',' or ':' that precedes it, or 0
	class     class // of the current token; 0 if all forms write it unchanged

	tokens    int // how many more are allowed
	escapes   int // how many more escape sequences are allowed
	maxString int // stop in a string that is longer, if a form would have to rewrite it

	inside  byte   // the innermost open array or object, as '[' or '{', or 0
	outside []byte // the open ones around it, outermost first
	depth   int    // limit on their number
	objects []int  // for each open object, the index of its first name
	names   []name // names of all open objects so far
	values  []byte // of escaped names
	table   nameTable
	scratch []byte // see Text
}

// A state is what the grammar expects next.
type state uint8

const (
	wantValue state = iota
	wantFirstElement
	wantFirstName
	wantColon
	wantSeparator // or the end of the array, object or text
	failed
)

// Reset makes s scan text from the start. The text must not change during the scan.
func (s *Scanner) Reset(text []byte) {
	s.text, s.at, s.start = text, 0, 0
	s.state, s.err, s.LoneSurrogate = wantValue, nil, false
	s.inside, s.outside = 0, s.outside[:0]
	s.objects, s.names, s.values = s.objects[:0], s.names[:0], s.values[:0]
	if s.depth = s.Depth; s.depth == 0 {
		s.depth = MaxDepth
	}
	if s.tokens, s.escapes = math.MaxInt, math.MaxInt; s.Limited {
		s.tokens, s.escapes = maxTokens, maxRewritten
	}
	s.maxString = len(text)
	if len(text) > math.MaxInt32 {
		s.fail(ErrTooLong)
	}
}

// maxKept is the size in bytes of the largest buffer kept for reuse. It suffices for any body of 64
// KiB.
const maxKept = 256 << 10

// maxKeptNames is the largest number of names whose slices are kept: as many as fit 64 KiB.
const maxKeptNames = 16 << 10

// Release drops the text and large buffers. Call it before keeping s for reuse.
func (s *Scanner) Release() {
	s.text = nil
	s.outside, s.values, s.scratch = keep(s.outside), keep(s.values), keep(s.scratch)
	if cap(s.names) > maxKeptNames {
		s.objects, s.names, s.table.slots = nil, nil, nil
	}
}

// keep returns b for reuse, unless it has grown large.
func keep(b []byte) []byte {
	if cap(b) > maxKept {
		return nil
	}
	return b[:0]
}

// Next advances to the next token and returns its kind. It returns [End] after the last one, and
// [Invalid] once the text turns out not to be a document.
func (s *Scanner) Next() Kind {
	s.spaced, s.separator = false, 0
	if s.tokens--; s.tokens < 0 && s.state != failed {
		return s.fail(ErrTokens)
	}
	c := s.peek()
	switch s.state {
	case wantSeparator:
		return s.separated(c)
	case wantColon:
		if c != ':' {
			return s.fail(ErrSyntax)
		}
		return s.value(s.skipSeparator(c))
	case wantFirstName:
		if c == '}' {
			return s.closeObject()
		}
		return s.name(c)
	case wantFirstElement:
		if c == ']' {
			return s.closeArray()
		}
	case failed:
		return Invalid
	default:
	}
	return s.value(c)
}

// separated scans what follows a value. c is its first byte.
func (s *Scanner) separated(c byte) Kind {
	switch s.inside {
	case '{':
		switch c {
		case ',':
			return s.name(s.skipSeparator(c))
		case '}':
			return s.closeObject()
		}
	case '[':
		switch c {
		case ',':
			return s.value(s.skipSeparator(c))
		case ']':
			return s.closeArray()
		}
	default:
		if s.at == len(s.text) {
			s.start = s.at
			return End
		}
	}
	return s.fail(ErrSyntax)
}

func (s *Scanner) value(c byte) Kind {
	s.start, s.class, s.state = s.at, 0, wantSeparator
	switch c {
	case '"':
		return s.string(String)
	case '{', '[':
		return s.push(c)
	case 't':
		return s.literal("true", True)
	case 'f':
		return s.literal("false", False)
	case 'n':
		return s.literal("null", Null)
	default:
		return s.number(c)
	}
}

// push opens an array or an object.
func (s *Scanner) push(c byte) Kind {
	if len(s.outside) >= s.depth {
		return s.fail(ErrTooDeep)
	}
	s.at++
	s.outside = append(s.outside, s.inside)
	s.inside = c
	if c == '[' {
		s.state = wantFirstElement
		return ArrayStart
	}
	s.state = wantFirstName
	s.objects = append(s.objects, len(s.names))
	return ObjectStart
}

func (s *Scanner) closeArray() Kind {
	s.pop()
	return ArrayEnd
}

func (s *Scanner) closeObject() Kind {
	last := len(s.objects) - 1
	first := s.objects[last]
	if s.hasDuplicate(first) {
		return s.fail(ErrDuplicateName)
	}
	s.objects, s.names = s.objects[:last], s.names[:first]
	s.pop()
	return ObjectEnd
}

// pop closes the innermost array or object.
func (s *Scanner) pop() {
	s.start, s.class, s.state = s.at, 0, wantSeparator
	s.at++
	last := len(s.outside) - 1
	s.inside, s.outside = s.outside[last], s.outside[:last]
}

func (s *Scanner) name(c byte) Kind {
	s.start, s.class = s.at, 0
	if c != '"' {
		return s.fail(ErrSyntax)
	}
	if s.string(Name) == Invalid {
		return Invalid
	}
	s.state = wantColon
	s.addName()
	return Name
}

func (s *Scanner) literal(word string, kind Kind) Kind {
	end := s.at + len(word)
	if end > len(s.text) || string(s.text[s.at:end]) != word {
		return s.fail(ErrSyntax)
	}
	s.at = end
	return kind
}

// peek returns the next byte that is not whitespace (RFC 8259, section 2), or 0 at the end.
func (s *Scanner) peek() byte {
	if s.at < len(s.text) && s.text[s.at] > ' ' {
		return s.text[s.at]
	}
	return s.skipSpace()
}

func (s *Scanner) skipSpace() byte {
	for s.at < len(s.text) {
		c := s.text[s.at]
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
		s.spaced = true
		s.at++
	}
	return 0
}

func (s *Scanner) skipSeparator(separator byte) byte {
	s.separator = separator
	s.at++
	return s.peek()
}

func (s *Scanner) fail(err error) Kind {
	s.state, s.err = failed, err
	return Invalid
}

// Err returns why the text is not a document, once Next has returned [Invalid].
func (s *Scanner) Err() error { return s.err }

// Offset returns the position after the current token or, if it is [Invalid], the position of the
// error. For [ErrUTF8], that is the start of the string.
func (s *Scanner) Offset() int { return s.at }

// Literal returns the current token as written in the text.
func (s *Scanner) Literal() []byte { return s.text[s.start:s.at] }

// Text returns the value of the current string or name. The value of a string is valid until the
// next call to Next, that of a name while its object is open.
func (s *Scanner) Text() []byte {
	switch {
	case s.state == wantColon:
		return s.textOf(s.names[len(s.names)-1])
	case s.class&escape == 0:
		return s.text[s.start+1 : s.at-1]
	default:
		s.scratch = s.AppendText(s.scratch[:0])
		return s.scratch
	}
}

// AppendText appends the value of the current string or name to dst.
func (s *Scanner) AppendText(dst []byte) []byte {
	content := s.text[s.start+1 : s.at-1]
	if s.class&escape == 0 {
		return append(dst, content...)
	}
	return AppendUnquoted(dst, content)
}

// Skip skips the rest of the value that starts with the current token, which is of this kind.
func (s *Scanner) Skip(kind Kind) {
	if kind != ObjectStart && kind != ArrayStart {
		return
	}
	for outside := len(s.outside); len(s.outside) >= outside; {
		if s.Next() == Invalid {
			return
		}
	}
}

// Valid reports whether text is a document.
func Valid(text []byte) bool {
	var s Scanner
	s.Reset(text)
	for {
		switch s.Next() {
		case End:
			return true
		case Invalid:
			return false
		default:
		}
	}
}
