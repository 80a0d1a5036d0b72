package otelurlr_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// Any observation counts, and its attributes have documented values.
func TestOddVerifications(t *testing.T) {
	const noEvent = "urlr.webhook.form=php,urlr.webhook.secret.index=0"
	const lastIndex = "urlr.webhook.form=js,urlr.webhook.secret.index=15"
	click, upper := &core.Event{Type: core.EventLinkClicked}, &core.Event{Type: "LINK_CLICKED"}
	for name, test := range map[string]struct {
		observation core.Observation
		want        string
	}{
		"zero":               {core.Observation{}, ""},
		"of Authenticate":    {core.Observation{Form: core.FormPHP}, noEvent},
		"unknown form":       {core.Observation{Form: 200, SecretIndex: 3}, ""},
		"form without index": {core.Observation{Form: core.FormJS, SecretIndex: -1}, "urlr.webhook.form=js"},
		"negative index":     {core.Observation{Form: core.FormJS, SecretIndex: math.MinInt}, "urlr.webhook.form=js"},
		"index without form": {core.Observation{SecretIndex: 3}, ""},
		"last index":         {core.Observation{Form: core.FormJS, SecretIndex: 15}, lastIndex},
		"large index":        {core.Observation{Form: core.FormJS, SecretIndex: 999}, lastIndex},
		"click":              {core.Observation{Event: click}, "urlr.webhook.event.type=link_clicked"},
		"no type":            {core.Observation{Event: &core.Event{}}, "urlr.webhook.event.type=other"},
		"other case":         {core.Observation{Event: upper}, "urlr.webhook.event.type=other"},
		"unforeseen":         {core.Observation{Err: errors.New("new")}, "error.type=unforeseen"},
		"everything": {
			core.Observation{Event: click, Err: core.ErrExpired, Form: core.FormRaw, SecretIndex: 2},
			"error.type=ErrExpired,urlr.webhook.event.type=link_clicked," +
				"urlr.webhook.form=raw,urlr.webhook.secret.index=2",
		},
		"negative":      {core.Observation{BodyBytes: -1, Duration: -time.Second}, ""},
		"out of bounds": {core.Observation{BodyBytes: math.MaxInt, Duration: math.MaxInt64}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			tel := newTelemetry(t)
			ctx, span := tel.tracer.Start(t.Context(), "POST")
			tel.Verification(ctx, test.observation)
			span.End()
			assert.Equal(t, map[string]int{
				"urlr.webhook.verify.duration{" + test.want + "}":                1,
				"urlr.webhook.request.body.size{" + errorTypeOf(test.want) + "}": 1,
			}, tel.counts(t))
			require.Len(t, tel.spans.Ended(), 1)
			assert.ElementsMatch(t, split(test.want), attributesOf(tel.spans.Ended()[0]))
		})
	}
}

// A verification counts even if the sender has disconnected, which cancels the request's context.
func TestCanceledContext(t *testing.T) {
	tel := newTelemetry(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	tel.Verification(ctx, core.Observation{Err: core.ErrBodyUnreadable, BodyBytes: 17, Duration: 3 * time.Second})
	sums := map[string]float64{}
	for _, p := range points(t, tel.reader) {
		sums[p.metric] = p.sum
	}
	assert.Equal(t, map[string]float64{"urlr.webhook.verify.duration": 3, "urlr.webhook.request.body.size": 17}, sums)
}

func TestConcurrentUse(t *testing.T) {
	tel := newTelemetry(t)
	ctx, span := tel.tracer.Start(t.Context(), "POST")
	defer span.End()
	handler := tel.Handler(nothing)
	const workers, each = 8, 200
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range each {
				tel.Verification(ctx, core.Observation{Form: core.FormRaw})
				tel.Verification(ctx, core.Observation{Form: core.FormRaw, Err: core.ErrExpired}) // not precomputed
				tel.Deduplication(ctx, dedupe.Observation{What: dedupe.Processed})
				assert.NoError(t, handler(ctx, nil))
			}
		})
	}
	wg.Wait()
	for series, count := range tel.counts(t) {
		assert.Equal(t, workers*each, count, series)
	}
}
