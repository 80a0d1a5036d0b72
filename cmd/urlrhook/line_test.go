package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// A line mentions show only if that has more to say.
func TestLineLeadsToAnExplanation(t *testing.T) {
	d := store.Delivery{ID: 4, Verdict: store.Refused, Body: []byte("body"), Length: 4}
	assert.Contains(t, line(&d, ""), "urlrhook show 4 explains it")
	for _, length := range []int64{100_000, -1} {
		d.Length = length
		assert.NotContains(t, line(&d, ""), "explains", "of a body that was over the limit")
	}
	d = store.Delivery{Verdict: store.Authentic}
	assert.NotContains(t, line(&d, ""), "explains")
}

// Every line about a forged delivery says that the application accepted it.
func TestLineWarnsOfAnAcceptedForgery(t *testing.T) {
	d := store.Delivery{ID: 4, Verdict: store.Refused, Problem: "urlr: signature mismatch: look",
		Answer: store.Answer{At: time.Now(), Status: 204}}
	const warning = "your application accepted a refused delivery: signature mismatch"
	assert.Contains(t, line(&d, ""), warning)
	assert.Contains(t, answerLine(&d, ""), warning)
	for _, status := range []int{0, 302, 401, 500} {
		d.Answer.Status = status
		assert.NotContains(t, line(&d, ""), "accepted", status)
	}
	d = store.Delivery{Verdict: store.Authentic, Answer: store.Answer{At: time.Now(), Status: 204}}
	assert.NotContains(t, line(&d, ""), "accepted")
}
