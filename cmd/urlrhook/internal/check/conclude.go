package check

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// conclude draws conclusions from several results together.
func (r *run) conclude(ctx context.Context) (said []string) {
	say := func(isTrue bool, text string) {
		if isTrue {
			said = append(said, text)
		}
	}
	isSilent := r.silent >= patience
	say(isSilent, "It does not answer in time, so the remaining checks were skipped.")
	if isSilent {
		return said
	}
	if status := r.find(latest).Status; status == http.StatusNotFound || status == http.StatusMethodNotAllowed {
		return []string{"Nothing takes deliveries at this path: check it, and that it accepts POST."}
	}
	say(
		r.fails(latest) && r.fails(unsigned),
		"It fails before it verifies a signature: unsigned deliveries fail, too. If it uses this library for Go, mount"+
			" Verify before Deduplicate and Handler.",
	)
	redirects := r.find(latest).Status/100 == 3
	say(redirects, "It redirects deliveries. Give URLR the final URL.")
	takesUnsigned, takesForged := r.accepts(unsigned), r.accepts(forged)
	say(
		takesUnsigned && takesForged,
		"It accepts anything and verifies nothing: whoever knows the URL can invent clicks.",
	)
	say(
		!takesUnsigned && takesForged,
		"It requires a signature, but does not compare it: whoever knows the URL can invent clicks.",
	)
	say(
		takesUnsigned && !takesForged,
		"It verifies signatures, but accepts deliveries without one: whoever knows the URL can invent clicks.",
	)
	say(
		!takesForged && r.accepts(otherBody),
		"It trusts any signature it has seen before, whatever the body: a signature is valid for one body only.",
	)
	say(
		r.isRefused(accents) && !r.isRefused(latest),
		"It verifies a re-encoded body, not the raw one: it refuses deliveries with accents or emoji, and genuine"+
			" clicks are lost.",
	)
	if r.isRefused(latest) {
		said = append(said, r.whyRefused(ctx))
	}
	say(
		r.failed(unknownEvent) && !r.failed(latest),
		"It fails on unknown events. When URLR adds one, it will retry every delivery.",
	)
	say(
		r.find(latest).late,
		"It answers before it has processed a delivery: what it then loses, URLR does not send again.",
	)
	say(
		r.miscounts(twins, 1),
		"It takes the second of two identical clicks for a retry: it remembers signatures or bodies, and drops clicks.",
	)
	say(r.miscounts(retry, 2), "It counts a delivery twice if its answer was lost.")
	return said
}

// whyRefused tells a wrong secret from a body that was lost or re-encoded.
func (r *run) whyRefused(ctx context.Context) string {
	body := r.body()
	a := r.send(ctx, &delivery{body: body, signatures: []string{core.Sign(r.Secret, nil)}})
	if a.isAccepted() || a.isMalformed() && a.status != r.find(latest).Status {
		return "It verifies an empty body: something, such as a parser, has read the raw body before." +
			" Keep it, or verify first."
	}
	for _, rewritten := range rewritings(body) {
		if r.send(ctx, &delivery{body: body, signatures: []string{core.Sign(r.Secret, rewritten)}}).isAccepted() {
			return "It verifies a re-encoded body: the raw one is lost. Keep it, or verify first."
		}
	}
	return "It refuses authentic deliveries: it has another secret, or does not verify the raw body. " +
		"Compare what it computes with urlrhook sign."
}

// rewritings returns a body as common encoders write it: Python's with spaces, JavaScript's
// without, Go's with sorted keys.
func rewritings(body []byte) [][]byte {
	spaced := urlrtest.Reencode(body)
	var compact bytes.Buffer
	_ = json.Compact(&compact, spaced) // it can't fail on JSON
	var object map[string]any
	_ = json.Unmarshal(body, &object)
	sorted, _ := json.Marshal(object)
	return [][]byte{spaced, compact.Bytes(), sorted}
}

func (r *run) find(name string) Result {
	for _, result := range r.results {
		if result.Name == name {
			return result
		}
	}
	return Result{}
}

// accepts reports whether the receiver answered 2xx to what it should refuse.
func (r *run) accepts(name string) bool { return r.failed(name) && r.find(name).Status/100 == 2 }

// fails reports whether the receiver answered 5xx.
func (r *run) fails(name string) bool { return r.find(name).Status/100 == 5 }

// isRefused reports whether the receiver answered 4xx to an authentic delivery.
func (r *run) isRefused(name string) bool { return r.failed(name) && r.find(name).Status/100 == 4 }

// miscounts reports whether the receiver wrongly counted n clicks.
func (r *run) miscounts(name string, n int) bool {
	counted := r.find(name).Counted
	return r.failed(name) && counted != nil && *counted == n
}
