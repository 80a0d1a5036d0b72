package otelurlr_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// Each outcome counts, and the request's span shows what happened to its delivery.
func TestDeduplication(t *testing.T) {
	const duration = "urlr.webhook.store.duration=0.002"
	for name, test := range map[string]struct {
		seen  []dedupe.Outcome
		count map[string]int
		span  []string
	}{
		"processed": {
			seen:  []dedupe.Outcome{dedupe.Processed},
			count: map[string]int{"processed": 1}, span: []string{"urlr.webhook.outcome=processed", duration},
		},
		"answer lost": {
			seen:  []dedupe.Outcome{dedupe.Processed, dedupe.CreditKept},
			count: map[string]int{"processed": 1, "credit kept": 1},
			span:  []string{"urlr.webhook.outcome=processed", "urlr.webhook.credit.kept=true", duration},
		},
		"store down": {
			seen:  []dedupe.Outcome{dedupe.StoreFailed},
			count: map[string]int{"store failed": 1}, span: []string{"urlr.webhook.outcome=store failed", duration},
		},
		"retry too early": {
			seen:  []dedupe.Outcome{dedupe.ToldToWait},
			count: map[string]int{"come back": 1}, span: []string{"urlr.webhook.outcome=come back", duration},
		},
		"full memory": { // evicts the credits of other deliveries
			seen:  []dedupe.Outcome{dedupe.Skipped, dedupe.CreditEvicted, dedupe.CreditEvicted},
			count: map[string]int{"credit evicted": 2, "skipped": 1},
			span:  []string{"urlr.webhook.outcome=skipped", duration},
		},
		"unknown": {
			seen:  []dedupe.Outcome{dedupe.Failed, "", "other", "of a later version"},
			count: map[string]int{"other": 3, "failed": 1},
			span:  []string{"urlr.webhook.outcome=other", duration},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tel := newTelemetry(t)
			ctx, span := tel.tracer.Start(t.Context(), "POST")
			for _, what := range test.seen {
				tel.Deduplication(ctx, dedupe.Observation{What: what, Duration: 2 * time.Millisecond})
			}
			span.End()
			tel.Deduplication(ctx, dedupe.Observation{What: dedupe.GaveUp}) // in the background, later
			test.count["gave up"]++

			want := map[string]int{}
			for outcome, n := range test.count {
				want["urlr.webhook.deduplications{urlr.webhook.outcome="+outcome+"}"] = n
			}
			assert.Equal(t, want, tel.counts(t))
			require.Len(t, tel.spans.Ended(), 1)
			assert.ElementsMatch(t, test.span, attributesOf(tel.spans.Ended()[0]))
		})
	}
}
