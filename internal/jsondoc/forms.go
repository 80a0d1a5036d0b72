package jsondoc

import (
	"errors"
	"fmt"
)

// maxFormDepth is the limit on how deeply arrays and objects may be nested in a canonical form. It
// is the default limit of PHP's json_decode.
const maxFormDepth = 511

// Limits on the cost of a canonical form. URLR's bodies have about 50 tokens, 31 of them names and
// scalars, and few escaped characters.
const (
	maxTokens    = 1536 // including End; 511 nested objects have 1,534
	maxLeaves    = 600  // names, strings, numbers and literals; 511 nested objects have 510
	maxRewritten = 2048 // bytes of strings that a form rewrites, and escape sequences of a text
)

// Errors for documents without a canonical form, in addition to the errors of a [Scanner].
var (
	ErrTokens     = fmt.Errorf("more than %d tokens", maxTokens)
	ErrLeaves     = fmt.Errorf("more than %d names, strings, numbers and literals", maxLeaves)
	ErrRewritten  = fmt.Errorf("more than %d bytes of rewritten strings or escape sequences", maxRewritten)
	ErrNULName    = errors.New("a name begins with U+0000, which PHP rejects")
	ErrArrayIndex = errors.New("a name is an array index, which JavaScript reorders")
)

// Forms writes the canonical forms of a document: the JSON that PHP and JavaScript write after
// reading it. The zero value is ready to use, and can be reused.
type Forms struct {
	php, js   form
	differ    bool // if not set, php is also the JavaScript form
	scanner   Scanner
	numbers   []pending
	rewritten int // see maxRewritten
}

// A form is a canonical form being written. It copies runs of the text, each of which ends at
// whitespace or at a token that needs rewriting.
type form struct {
	bytes []byte
	err   error // why there is no such form
	run   int   // start of the current run in the text
}

// PHP returns the output of PHP's json_encode(json_decode(text)), or an error if there is no such
// form. The bytes are valid until the next call to Write or Release.
func (f *Forms) PHP() ([]byte, error) {
	return f.php.bytes, f.php.err
}

// JS returns the output of JavaScript's JSON.stringify(JSON.parse(text)) with "\/" for "/", or an
// error if there is no such form. The bytes are valid until the next call to Write or Release.
func (f *Forms) JS() ([]byte, error) {
	if !f.differ {
		return f.php.bytes, f.js.err
	}
	return f.js.bytes, f.js.err
}

// Release drops unusually large buffers. Call it before keeping f for reuse.
func (f *Forms) Release() {
	f.php.bytes, f.js.bytes = keep(f.php.bytes), keep(f.js.bytes)
	clear(f.numbers[:cap(f.numbers)])
	f.scanner.Release()
}

// Write computes both forms of text in one pass.
func (f *Forms) Write(text []byte) {
	f.php, f.js = form{bytes: f.php.bytes[:0]}, form{bytes: f.js.bytes[:0]}
	f.differ, f.numbers, f.rewritten = false, f.numbers[:0], 0
	f.scanner.Depth, f.scanner.Limited = maxFormDepth, true
	f.scanner.Reset(text)
	f.scanner.maxString = maxRewritten
	err := f.write(text)
	if err == nil {
		err = f.writeNumbers()
	}
	if err != nil {
		f.php.err, f.js.err = err, err
	}
}

func (f *Forms) write(text []byte) error {
	s := &f.scanner
	end := 0 // of the previous token
	leaves := 0
	for {
		kind := s.Next()
		if s.spaced || kind == End {
			f.endRuns(text, end)
		}
		switch kind {
		case End:
			return nil
		case Invalid:
			return s.Err()
		case ObjectStart, ObjectEnd, ArrayStart, ArrayEnd:
		default:
			if leaves++; leaves > maxLeaves {
				return ErrLeaves
			}
			if kind == Name {
				f.checkName(s.Text())
			}
		}
		if s.class&^escape != 0 {
			if err := f.token(text, kind); err != nil {
				return err
			}
		}
		end = s.at
	}
}

// token rewrites the current token: a string, a name or a number.
func (f *Forms) token(text []byte, kind Kind) error {
	if kind == Number {
		return f.leaveOut(text)
	}
	return f.string(text)
}

// endRuns ends the current runs at the previous token and starts new ones at the current token.
func (f *Forms) endRuns(text []byte, end int) {
	f.php.endRun(text, end, &f.scanner)
	if f.differ {
		f.js.endRun(text, end, &f.scanner)
	}
}

func (o *form) endRun(text []byte, end int, s *Scanner) {
	o.bytes = append(o.bytes, text[o.run:end]...)
	if s.separator != 0 {
		o.bytes = append(o.bytes, s.separator)
	}
	o.run = s.start
}

// string rewrites the current string or name in the forms that need it.
func (f *Forms) string(text []byte) error {
	s := &f.scanner
	if s.class&inOneFormOnly != 0 && !f.differ {
		f.split()
	}
	rewrite := rewrittenByPHP
	if f.differ {
		rewrite |= rewrittenByJS
	}
	if s.class&rewrite == 0 {
		return nil
	}
	if f.rewritten += len(s.Literal()); f.rewritten > maxRewritten {
		return ErrRewritten
	}
	value := s.Text()
	if s.class&rewrittenByPHP != 0 {
		f.php.bytes = AppendPHPString(append(f.php.bytes, text[f.php.run:s.start]...), value)
		f.php.run = s.at
	}
	if f.differ && s.class&rewrittenByJS != 0 {
		f.js.bytes = appendJSString(append(f.js.bytes, text[f.js.run:s.start]...), value)
		f.js.run = s.at
	}
	return nil
}

// split starts writing the two forms separately.
func (f *Forms) split() {
	f.differ = true
	f.js.bytes = append(f.js.bytes[:0], f.php.bytes...)
	f.js.run = f.php.run
}

// checkName rules out the form that can't contain the name.
func (f *Forms) checkName(name []byte) {
	switch {
	case len(name) == 0 || name[0] > '9':
	case name[0] == 0:
		f.php.err = ErrNULName
	case isArrayIndex(name):
		f.js.err = ErrArrayIndex
	}
}

// isArrayIndex reports whether name is an integer from 0 to 2^32-2 in canonical notation (ECMA-262,
// section 6.1.7).
func isArrayIndex(name []byte) bool {
	if len(name) == 0 || len(name) > len("4294967294") {
		return false
	}
	if name[0] == '0' {
		return len(name) == 1
	}
	var n uint64
	for _, c := range name {
		if c < '0' || c > '9' {
			return false
		}
		n = n*10 + uint64(c-'0')
	}
	return n <= 1<<32-2
}
