package diagnose

import (
	"bytes"
	"slices"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// A variant is a body in one form that may have been signed.
type variant struct {
	form  core.Form
	bytes []byte
}

func rawOf(body []byte) []variant { return []variant{{core.FormRaw, body}} }

// formsOf returns the distinct forms that verifiers accept, raw first.
func formsOf(body []byte) []variant {
	variants := rawOf(body)
	for _, form := range []core.Form{core.FormPHP, core.FormJS} {
		if canonical, err := core.Canonicalize(nil, body, form); err == nil {
			variants = appendVariant(variants, form, canonical)
		}
	}
	return variants
}

// documentsOf also returns what the most common encoders write for a document.
func documentsOf(body []byte) []variant {
	variants := formsOf(body)
	for _, e := range commonEncoders {
		if document := format(body, e.Layout); document != nil {
			variants = appendVariant(variants, core.FormRaw, e.append(nil, document))
		}
	}
	return variants
}

// eventsOf also returns them with the keys in URLR's order, in case the body was decoded into a map
// in transit.
func eventsOf(body []byte) []variant {
	variants := documentsOf(body)
	if document := parse(body); document != nil {
		sortAsURLR(document)
		for _, v := range documentsOf(document.append(nil)) {
			variants = appendVariant(variants, v.form, v.bytes)
		}
	}
	return variants
}

var commonEncoders = []struct {
	jsondoc.Layout
	style
}{
	{
		jsondoc.Layout{Unescaped: true},
		style{},
	}, // JavaScript
	{jsondoc.Layout{Unescaped: true}, style{tags: escaped, ampersands: escaped, lineSeparators: escaped}}, // Go
	{jsondoc.Layout{Unescaped: true, Spaces: true}, ascii},                                                // Python
	{jsondoc.Layout{Unescaped: true, Indent: "    "}, asPHP},
}

var (
	ascii = style{beyondASCII: escaped, lineSeparators: escaped}
	asPHP = style{slashes: escaped, beyondASCII: escaped, lineSeparators: escaped}
)

func appendVariant(variants []variant, form core.Form, b []byte) []variant {
	if slices.ContainsFunc(variants, func(v variant) bool { return bytes.Equal(v.bytes, b) }) {
		return variants
	}
	return append(variants, variant{form, b})
}
