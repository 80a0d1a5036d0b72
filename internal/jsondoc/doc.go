// Package jsondoc reads JSON documents strictly and writes them as PHP and JavaScript do. It knows
// nothing about webhooks.
//
// A [Scanner] validates a document and returns its tokens in one pass:
//
//	var s jsondoc.Scanner
//	s.Reset(text)
//	for kind := s.Next(); kind != jsondoc.End && kind != jsondoc.Invalid; kind = s.Next() {
//		fmt.Printf("%s\n", s.Literal())
//	}
//	err := s.Err()
//
// It accepts JSON (RFC 8259) that is interoperable (RFC 7493, section 2): valid UTF-8, without lone
// surrogates and duplicate names. [Forms] writes the canonical forms of a document while scanning
// it. [Layout] formats a document.
//
// Anyone who can reach a webhook chooses the text, so time and memory are linear in its length,
// whatever it contains.
package jsondoc
