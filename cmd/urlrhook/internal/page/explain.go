package page

import (
	"strings"

	"github.com/urlr-community/webhooks-go/diagnose"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

// An explanation says why a delivery is not authentic. Package diagnose warns not to show that to
// whoever made the request, but this page is for the person who runs the listener.
type explanation struct {
	Title           string
	Found, Why, Fix string
	Facts           []string
	Keys            *keysView           // instead of Difference, where keys have moved
	Difference      *visible.Difference // where the body begins to differ from what was signed
}

// A keysView lists the keys of a body, and marks those that differ.
type keysView struct{ Received, Signed []visible.Span }

const matchesNow = "The signature matches now"

// explain returns nil if there is nothing to explain.
func explain(d *store.Delivery, secrets []string) *explanation {
	if d.Verdict == store.Authentic || len(secrets) == 0 || !d.IsWhole() {
		return nil
	}
	report := diagnose.Explain(d.Body, d.Signature(), secrets...)
	e := &explanation{
		Title: "Why the signature does not match",
		Found: report.Found,
		Why:   report.Why,
		Fix:   report.Fix,
		Facts: report.Facts,
	}
	switch {
	case report.Cause == diagnose.NoSignature:
		e.Title = "There is no signature"
	case report.Authentic && report.Refusal != "":
		e.Title = "The signature matches, but the body is no event: " + strings.TrimPrefix(report.Refusal, "urlr: ")
	case report.Authentic:
		e.Title = matchesNow
	}
	switch {
	case report.KeysSigned != nil:
		e.Keys = &keysView{}
		e.Keys.Received, e.Keys.Signed = visible.CompareNames(report.KeysReceived, report.KeysSigned)
	case report.Signed != nil:
		e.Difference = visible.Compare(d.Body, report.Signed)
	}
	return e
}
