package otelurlr_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/otel/attribute"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// No request, signed or not, adds a series or an attribute value beyond those documented.
func TestOddRequestsAddNoSeries(t *testing.T) {
	tel := newTelemetry(t)
	odd := oddRequests{rand.New(rand.NewPCG(15, 3))}
	endpoint := tel.endpoint(odd.handle)
	const requests = 10_000
	for range requests {
		serveOdd(endpoint, odd.next())
	}

	series, verified := map[string]int{}, 0
	for _, p := range points(t, tel.reader) {
		series[p.metric]++
		if p.metric == "urlr.webhook.verify.duration" {
			verified += p.count
		}
		checkAttributes(t, p.attributes.ToSlice())
	}
	assert.Equal(t, requests, verified)
	for metric, most := range map[string]int{
		"urlr.webhook.verify.duration":   25, // 6 refusals, and 3 forms × 2 secrets × (2 types and a refusal)
		"urlr.webhook.request.body.size": 7,
		"urlr.webhook.process.duration":  8, // 2 types × (none, 2 errors, panic)
		"urlr.webhook.deduplications":    3,
	} {
		assert.LessOrEqual(t, series[metric], most, metric)
		assert.GreaterOrEqual(t, series[metric], 2, "the requests of %s are not odd enough", metric)
	}
	for _, span := range tel.spans.Ended() {
		checkAttributes(t, span.Attributes())
	}
}

// serveOdd recovers from the handler's panics.
func serveOdd(h http.Handler, r *http.Request) {
	defer func() { _ = recover() }()
	h.ServeHTTP(httptest.NewRecorder(), r)
}

var documented = map[attribute.Key][]string{
	"error.type": {
		"ErrNoSignature", "ErrMalformedSignature", "ErrSignatureMismatch", "ErrBodyTooLarge", "ErrBodyUnreadable",
		"ErrMalformedEvent", "ErrUnavailable", "unforeseen", "panic",
	},
	"urlr.webhook.form":         {"raw", "php", "js"},
	"urlr.webhook.secret.index": {"0", "1"},
	"urlr.webhook.event.type":   {"link_clicked", "other"},
	"urlr.webhook.outcome":      {"processed", "failed", "skipped", "come back", "credit kept"},
	"urlr.webhook.credit.kept":  {"true"},
}

func checkAttributes(t *testing.T, attributes []attribute.KeyValue) {
	t.Helper()
	for _, a := range attributes {
		if !assert.Contains(t, documented[a.Key], a.Value.String(), a.Key) {
			t.FailNow() // not 10,000 times
		}
	}
}

// oddRequests generates requests from anybody who can reach the endpoint, some of whom know a
// secret.
type oddRequests struct{ *rand.Rand }

func (odd oddRequests) next() *http.Request {
	body := odd.body()
	r := httptest.NewRequest(http.MethodPost, "/webhooks/urlr?"+url.QueryEscape(odd.word()), strings.NewReader(body))
	switch odd.IntN(4) {
	case 0:
		r.Header.Set(odd.word(), odd.word())
		r.Header.Set("User-Agent", odd.word())
		r.Header.Set("Traceparent", fmt.Sprintf("00-%032x-%016x-01", odd.Uint64(), odd.Uint64()))
		r.Header.Set("Tracestate", "urlr="+odd.word())
		r.Header.Set("Baggage", odd.word()+"="+odd.word())
	case 1:
		r.ContentLength = int64(odd.IntN(1 << 20))
	}
	odd.sign(r, body)
	return r
}

func (odd oddRequests) body() string {
	event := urlrtest.NewEvent()
	event.Type = core.EventType(odd.word())
	event.Link.Code, event.Link.FolderID, event.City, event.Link.Label = odd.word(), odd.word(), odd.word(), odd.word()
	generation := urlrtest.Generations()[odd.IntN(4)]
	switch odd.IntN(20) {
	case 0:
		return odd.word()
	case 1, 6, 7:
		return `{"event":` + odd.quoted() + `,` + odd.quoted() + `:` + odd.quoted() + `}`
	case 2:
		return strings.Repeat(odd.word(), odd.IntN(20_000)) // often too large
	case 3, 4, 5:
		event.Type = core.EventLinkClicked
		return string(urlrtest.Reencode(urlrtest.Body(event, generation)))
	default:
		return string(urlrtest.Body(event, generation))
	}
}

func (odd oddRequests) sign(r *http.Request, body string) {
	secrets := []string{secret, "whsec_old", odd.word()}
	signature := core.Sign(secrets[odd.IntN(len(secrets))], []byte(body))
	if form := core.Form(1 + odd.IntN(3)); odd.IntN(2) == 0 {
		if canonical, err := core.Canonicalize(nil, []byte(body), form); err == nil {
			signature = core.Sign(secret, canonical)
		}
	}
	switch odd.IntN(8) {
	case 0: // none
	case 1:
		r.Header.Set(core.SignatureHeader, odd.word())
	case 2:
		r.Header[http.CanonicalHeaderKey(core.SignatureHeader)] = []string{signature, odd.word()}
	default:
		r.Header.Set(core.SignatureHeader, signature)
	}
}

func (odd oddRequests) word() string {
	const letters = "abcXYZ019_-.{}\"'\\ \u00e9\u2028\U0001F600"
	runes := []rune(letters)
	word := make([]rune, 1+odd.IntN(20))
	for i := range word {
		word[i] = runes[odd.IntN(len(runes))]
	}
	return string(word)
}

func (odd oddRequests) quoted() string {
	quoted, err := json.Marshal(odd.word())
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

// handle puts the sender's data into its errors and panics.
func (odd oddRequests) handle(_ context.Context, e *core.Event) error {
	switch odd.IntN(4) {
	case 0:
		return errors.New(e.Link.Code)
	case 1:
		return fmt.Errorf("%s: %w", e.Type, core.ErrUnavailable)
	case 2:
		panic(e.Link.Code)
	default:
		return nil
	}
}
