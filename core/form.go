package core

import "strconv"

// A Form is one of the byte sequences of a body that URLR's documentation tells senders and receivers to sign.
// The zero Form is none of them.
type Form uint8

const (
	// FormRaw is the body as received.
	FormRaw Form = iota + 1
	// FormPHP is what PHP's json_encode(json_decode($body)) writes: compact, "/" as "\/", everything beyond ASCII
	// as "\u00e9". It is what URLR itself signs.
	FormPHP
	// FormJS is what the Node recipe of URLR's documentation computes,
	// JSON.stringify(JSON.parse(body)).replace(/\//g, '\\/'): compact, "/" as "\/", everything beyond ASCII as UTF-8.
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
