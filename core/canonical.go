package core

import (
	"errors"
	"fmt"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// ErrNoCanonicalForm is wrapped by the error of [Canonicalize] for a body without a canonical form.
var ErrNoCanonicalForm = errors.New("urlr: no canonical form")

// Canonicalize appends body in the given form to dst and returns the extended buffer. For [FormRaw]
// it appends body unchanged. For [FormPHP] and [FormJS], body must be a single JSON value that all
// parsers read alike and that costs about as much to rewrite as to hash. Otherwise Canonicalize
// returns dst unchanged and an error that wraps [ErrNoCanonicalForm]. An unknown form is also an
// error.
//
// The following have no canonical form:
//
//   - text that is not JSON (RFC 8259), is not valid UTF-8, or contains a lone surrogate or a
//     duplicate name (RFC 7493, section 2)
//   - numbers that overflow a double, such as 1e400
//   - arrays and objects nested deeper than 511, the limit of PHP's json_decode
//   - for [FormPHP], names that begin with U+0000, which json_decode rejects
//   - for [FormJS], names that are array indices, 0 to 4294967294, which JavaScript reorders
//     (ECMA-262, sections 6.1.7 and 10.1.11.1)
//
// Since anyone who can reach the endpoint chooses the body, expensive bodies have none either:
//
//   - more than 8 numbers other than integers of at most 15 digits
//   - more than 2 nonzero numbers that are below 1e-307, or so close to halfway between two doubles
//     that their first 19 significant digits do not decide which one is nearest
//   - a number with more than 128 significant digits or more than 1,024 bytes
//   - more than 600 names, strings, numbers and literals, or more than 1,536 of these and brackets
//   - more than 2,048 bytes of strings that need rewriting, counted as they appear in body, with
//     their quotes, or more than 2,048 escape sequences
func Canonicalize(dst, body []byte, form Form) ([]byte, error) {
	if !form.valid() {
		return dst, fmt.Errorf("urlr: unknown form %d", form)
	}
	if form == FormRaw {
		return append(dst, body...), nil
	}
	var forms jsondoc.Forms
	forms.Write(body)
	canonical, err := formOf(&forms, form)
	if err != nil {
		return dst, fmt.Errorf("%w: %w", ErrNoCanonicalForm, err)
	}
	return append(dst, canonical...), nil
}

func formOf(forms *jsondoc.Forms, form Form) ([]byte, error) {
	if form == FormPHP {
		return forms.PHP()
	}
	return forms.JS()
}
