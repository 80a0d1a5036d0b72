// Package jsondoc reads JSON documents strictly and writes them as PHP and JavaScript do. It knows
// nothing of webhooks.
//
// A [Scanner] validates a document and returns its tokens in one pass. It accepts what RFC 8259
// calls JSON and RFC 7493 (I-JSON, section 2) calls interoperable: valid UTF-8, no lone surrogates
// and no duplicate names. [Forms] writes the canonical forms of a document while scanning it.
//
// Whoever can reach a webhook chooses what is scanned, so time and memory are linear in the length
// of the text, whatever is in it.
package jsondoc
