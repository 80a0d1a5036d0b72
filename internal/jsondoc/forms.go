package jsondoc

import (
	"bytes"
	"errors"
)

// maxFormDepth is how deep arrays and objects may be nested in a canonical form: PHP's json_decode
// reads no deeper unless it is told to.
const maxFormDepth = 511

// Why a document has no canonical form, beside the errors of a [Scanner].
var (
	ErrNULName    = errors.New("PHP refuses names that begin with U+0000")
	ErrArrayIndex = errors.New("JavaScript moves names that are array indices to the front")
)

// Forms writes the canonical forms of a document: the JSON that PHP and JavaScript write for what
// they have read. The zero value is ready for use, and can be used again.
type Forms struct {
	php, js       []byte
	phpErr, jsErr error

	scanner Scanner
	differ  bool // the forms differ so far; until they do, only php is written
	budget  budget
}

// PHP returns what PHP's json_encode(json_decode(text)) writes, or why there is no such form. The
// bytes are valid until the next call of Write or Release.
func (f *Forms) PHP() ([]byte, error) {
	return f.php, f.phpErr
}

// JS returns what JavaScript's JSON.stringify(JSON.parse(text)) writes with each "/" as "\/", or why
// there is no such form. The bytes are valid until the next call of Write or Release.
func (f *Forms) JS() ([]byte, error) {
	if !f.differ {
		return f.php, f.jsErr
	}
	return f.js, f.jsErr
}

// Release lets go of memory that only an unusual document needs, so that f can be kept for reuse.
func (f *Forms) Release() {
	f.php, f.js = keep(f.php), keep(f.js)
	f.scanner.Release()
}

// Write writes both forms of text in one pass.
func (f *Forms) Write(text []byte) {
	f.php, f.js, f.phpErr, f.jsErr = f.php[:0], f.js[:0], nil, nil
	f.differ, f.budget = false, newBudget()
	f.scanner.Depth = maxFormDepth
	f.scanner.Reset(text)
	if err := f.write(text); err != nil {
		f.phpErr, f.jsErr = err, err
	}
}

// write copies what both forms have in common with the text in runs, which end at whitespace and at
// a token that has to be written anew.
func (f *Forms) write(text []byte) error {
	s := &f.scanner
	run, end := 0, 0 // where the current run begins, and where the previous token ends
	for {
		kind := s.Next()
		if kind == Invalid {
			return s.Err()
		}
		if s.spaced {
			f.copy(text[run:end])
			f.separate(s.separator)
			run = s.start
		}
		if kind == End {
			if !s.spaced {
				f.copy(text[run:end])
			}
			return nil
		}
		if kind == Name {
			f.checkName(s.Text())
		}
		if !s.plain {
			f.copy(text[run:s.start])
			if err := f.token(kind); err != nil {
				return err
			}
			run = s.at
		}
		end = s.at
	}
}

// token writes the current token, which is not plain: a string, a name or a number.
func (f *Forms) token(kind Kind) error {
	if kind == Number {
		return f.number(f.scanner.Literal())
	}
	f.string(f.scanner.Text())
	return nil
}

func (f *Forms) copy(b []byte) {
	f.php = append(f.php, b...)
	if f.differ {
		f.js = append(f.js, b...)
	}
}

func (f *Forms) separate(separator byte) {
	if separator == 0 {
		return
	}
	f.php = append(f.php, separator)
	if f.differ {
		f.js = append(f.js, separator)
	}
}

func (f *Forms) string(value []byte) {
	if !f.differ && !isASCII(value) {
		f.split(len(f.php))
	}
	f.php = appendPHPString(f.php, value)
	if f.differ {
		f.js = appendJSString(f.js, value)
	}
}

func (f *Forms) number(literal []byte) error {
	n, err := f.budget.parse(literal)
	if err != nil {
		return err
	}
	start := len(f.php)
	f.php = n.appendPHP(f.php)
	var scratch [maxNumberLen]byte
	js := n.appendJS(scratch[:0])
	if !f.differ && bytes.Equal(js, f.php[start:]) {
		return nil
	}
	if !f.differ {
		f.split(start)
	}
	f.js = append(f.js, js...)
	return nil
}

// split begins to write the forms apart. Until now, n bytes were written that both have in common.
func (f *Forms) split(n int) {
	f.differ = true
	f.js = append(f.js[:0], f.php[:n]...)
}

func (f *Forms) checkName(name []byte) {
	if len(name) > 0 && name[0] == 0 {
		f.phpErr = ErrNULName
	}
	if isArrayIndex(name) {
		f.jsErr = ErrArrayIndex
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
