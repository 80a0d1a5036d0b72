package jsondoc

import (
	"errors"
	"fmt"
)

// maxFormDepth is how deep arrays and objects may be nested in a canonical form: PHP's json_decode
// reads no deeper unless it is told to.
const maxFormDepth = 511

// Limits to what a canonical form may cost. URLR's bodies have about 50 tokens and few escaped
// characters.
const (
	maxTokens    = 1536 // with the end; 511 nested objects have 1,534
	maxRewritten = 4096 // bytes of strings that a form writes differently; also the escape sequences of a text
)

// Why a document has no canonical form, beside the errors of a [Scanner].
var (
	ErrTokens     = fmt.Errorf("more than %d tokens", maxTokens)
	ErrRewritten  = fmt.Errorf("more than %d bytes of strings to rewrite, or escape sequences", maxRewritten)
	ErrNULName    = errors.New("PHP refuses names that begin with U+0000")
	ErrArrayIndex = errors.New("JavaScript moves names that are array indices to the front")
)

// Forms writes the canonical forms of a document: the JSON that PHP and JavaScript write after
// reading it. The zero value is ready to use and can be reused.
type Forms struct {
	php, js   form
	differ    bool // until the forms differ, only php is written
	scanner   Scanner
	numbers   []pending
	rewritten int // see maxRewritten
}

// A form is a canonical form while it is being written. What it has in common with the text is copied
// in runs, each of which ends at whitespace or at a token that has to be rewritten.
type form struct {
	bytes []byte
	err   error // why there is no such form
	run   int   // where the current run begins in the text
}

// PHP returns what PHP's json_encode(json_decode(text)) writes, or why there is no such form. The
// bytes are valid until the next call of Write or Release.
func (f *Forms) PHP() ([]byte, error) {
	return f.php.bytes, f.php.err
}

// JS returns what JavaScript's JSON.stringify(JSON.parse(text)) writes with each "/" as "\/", or why
// there is no such form. The bytes are valid until the next call of Write or Release.
func (f *Forms) JS() ([]byte, error) {
	if !f.differ {
		return f.php.bytes, f.js.err
	}
	return f.js.bytes, f.js.err
}

// Release lets go of memory that only an unusual document needs, so that f can be kept for reuse.
func (f *Forms) Release() {
	f.php.bytes, f.js.bytes = keep(f.php.bytes), keep(f.js.bytes)
	clear(f.numbers[:cap(f.numbers)])
	f.scanner.Release()
}

// Write writes both forms of text in one pass.
func (f *Forms) Write(text []byte) {
	f.php, f.js = form{bytes: f.php.bytes[:0]}, form{bytes: f.js.bytes[:0]}
	f.differ, f.numbers, f.rewritten = false, f.numbers[:0], 0
	f.scanner.Depth, f.scanner.Limited = maxFormDepth, true
	f.scanner.Reset(text)
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
		case Name:
			f.checkName(s.Text())
		default:
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

// endRuns ends the current runs at the previous token and begins new ones at the current token.
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

// string rewrites the current string or name where a form needs it.
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

// split begins to write the two forms separately.
func (f *Forms) split() {
	f.differ = true
	f.js.bytes = append(f.js.bytes[:0], f.php.bytes...)
	f.js.run = f.php.run
}

// checkName rules a form out if it can't contain the name.
func (f *Forms) checkName(name []byte) {
	switch {
	case len(name) == 0 || name[0] > '9':
	case name[0] == 0:
		f.php.err = ErrNULName
	case isArrayIndex(name):
		f.js.err = ErrArrayIndex
	}
}

// isArrayIndex reports whether name is an integer from 0 to 2^32-2 in its canonical notation
// (ECMA-262, section 6.1.7).
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
