package core

import "strconv"

// A Form is a way to write a body before it is signed. The zero Form is invalid.
type Form uint8

const (
	// FormRaw is the body as received.
	FormRaw Form = iota + 1
	// FormPHP is what PHP's json_encode(json_decode($body)) writes: compact, with "\/" for "/" and
	// escapes such as "\u00e9" for characters beyond ASCII. It is what URLR signs.
	FormPHP
	// FormJS is what the Node recipe in URLR's documentation computes,
	// JSON.stringify(JSON.parse(body)).replace(/\//g, '\\/'): compact, with "\/" for "/" and UTF-8
	// for characters beyond ASCII.
	FormJS
)

// String returns "raw", "php" or "js".
func (f Form) String() string {
	switch f {
	case FormRaw:
		return "raw"
	case FormPHP:
		return "php"
	case FormJS:
		return "js"
	default:
		return "Form(" + strconv.Itoa(int(f)) + ")"
	}
}

func (f Form) valid() bool { return FormRaw <= f && f <= FormJS }
