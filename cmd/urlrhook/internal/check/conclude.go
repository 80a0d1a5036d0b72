package check

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// conclude says what the results tell when they are seen together.
func (r *run) conclude(ctx context.Context) (said []string) {
	say := func(isTrue bool, text string) {
		if isTrue {
			said = append(said, text)
		}
	}
	isSilent := r.silent >= patience
	say(isSilent, "It does not answer in time, so nothing else was sent.")
	if isSilent {
		return said
	}
	redirects := r.find(latest).Status/100 == 3
	say(redirects, "It redirects deliveries. Give URLR the final address.")
	takesUnsigned, takesForged := r.accepts(unsigned), r.accepts(forged)
	say(
		takesUnsigned && takesForged,
		"It accepts anything: nothing is verified. Whoever knows the address can invent clicks.",
	)
	say(
		!takesUnsigned && takesForged,
		"It wants a signature, but does not compare it: whoever knows the address can invent clicks.",
	)
	say(
		takesUnsigned && !takesForged,
		"It verifies signatures, but accepts deliveries that have none: whoever knows the address can invent clicks.",
	)
	say(
		!takesForged && r.accepts(otherBody),
		"It trusts a signature that it has seen, whatever the body: a signature is good for one body alone.",
	)
	say(
		r.isRefused(accents) && !r.isRefused(latest),
		"It verifies a body that was parsed and written again, not the raw one:"+
			" deliveries with accents or emoji are refused, and real clicks lost.",
	)
	if r.isRefused(latest) {
		said = append(said, r.whyRefused(ctx))
	}
	say(
		r.failed(unknownEvent) && !r.failed(latest),
		"It fails on events that it does not know. When URLR adds one, it will be sent again and again.",
	)
	say(r.find(latest).late, "It answers before it has processed a delivery: what is lost then does not come again.")
	say(
		r.miscounts(twins, 1),
		"It takes the second of two identical clicks for a retry: it remembers signatures or bodies, and loses clicks.",
	)
	say(r.miscounts(retry, 2), "It counts a delivery twice whose answer was lost.")
	return said
}

// whyRefused tries what tells a wrong secret from a body that is lost or rewritten.
func (r *run) whyRefused(ctx context.Context) string {
	body := r.body()
	if r.send(ctx, &delivery{body: body, signatures: []string{core.Sign(r.Secret, nil)}}).isAccepted() {
		return "It verifies an empty body: the raw body was read before, by a parser say, and is lost. Keep it, or verify first."
	}
	for _, rewritten := range rewritings(body) {
		if r.send(ctx, &delivery{body: body, signatures: []string{core.Sign(r.Secret, rewritten)}}).isAccepted() {
			return "It verifies a body that was parsed and written again: the raw body is lost. Keep it, or verify first."
		}
	}
	return "It refuses authentic deliveries: it has another secret, or it verifies something else than the raw body. " +
		"Compare what it computes with urlrhook sign."
}

// rewritings are a body as encoders write it again: Python with spaces, JavaScript without, Go with its
// keys sorted.
func rewritings(body []byte) [][]byte {
	spaced := urlrtest.Reencode(body)
	var compact bytes.Buffer
	_ = json.Compact(&compact, spaced) // it is JSON
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

// accepts reports whether what is to be refused was answered with 2xx.
func (r *run) accepts(name string) bool { return r.failed(name) && r.find(name).Status/100 == 2 }

// isRefused reports whether what is authentic was answered with 4xx.
func (r *run) isRefused(name string) bool { return r.failed(name) && r.find(name).Status/100 == 4 }

// miscounts reports whether so many clicks were counted, and should not have been.
func (r *run) miscounts(name string, n int) bool {
	counted := r.find(name).Counted
	return r.failed(name) && counted != nil && *counted == n
}
