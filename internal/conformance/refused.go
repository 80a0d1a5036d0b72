package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/problem"
)

// private is a text that must not appear in a response.
const private = "dial tcp 10.0.0.7: refused"

func perFolder(t *testing.T, secrets map[string][]string) core.SecretFunc {
	return func(ctx context.Context, claim core.Claim) ([]string, error) {
		assert.NoError(t, ctx.Err())
		return secrets[claim.FolderID], nil
	}
}

// checkRefused checks the response to a refused delivery.
func checkRefused(t *testing.T, f Framework, got answer, seen *recorder, want error) {
	t.Helper()
	err := seen.takeError()
	checkAnswer(t, f, got, want)
	if !f.Problems || err != nil {
		assert.ErrorIs(t, err, want)
	}
}

func checkAnswer(t *testing.T, f Framework, got answer, want error) {
	t.Helper()
	status := core.StatusCode(want)
	assert.Equal(t, status, got.status)
	if errors.Is(want, core.ErrUnavailable) {
		seconds, err := strconv.Atoi(got.header.Get("Retry-After"))
		assert.NoError(t, err)
		assert.Positive(t, seconds)
	} else {
		assert.Empty(t, got.header.Get("Retry-After"))
	}
	for _, leak := range []string{private, secret, core.Sign(secret, []byte(body)), "yBPhx"} {
		assert.NotContains(t, got.body, leak)
	}
	if !f.Problems {
		assert.Contains(t, got.body, problem.For(core.Reason(want)).Detail)
		return
	}
	assert.Equal(t, "application/problem+json", got.header.Get("Content-Type"))
	var problem map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.body), &problem), got.body)
	assert.Equal(t, "about:blank", problem["type"])
	assert.Equal(t, http.StatusText(status), problem["title"])
	assert.EqualValues(t, status, problem["status"])
	assert.NotEmpty(t, problem["detail"])
	assert.Len(t, problem, 4)
}

func testRefused(t *testing.T, f Framework) {
	unavailable := core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) {
		return nil, errors.New(private)
	})
	wrapped := core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) {
		if f.Error == nil {
			return nil, errors.New(private)
		}
		return nil, fmt.Errorf("%s: %w", private, f.Error(http.StatusOK))
	})
	anothers := delivery{body: bodyOf(2), signatures: []string{core.Sign(secret, []byte(body))}}
	for _, test := range []struct {
		name     string
		options  []core.Option
		delivery delivery
		want     error
	}{
		{"no signature", nil, delivery{body: body, signatures: []string{}}, core.ErrNoSignature},
		{"malformed signature", nil, delivery{body: body, signatures: []string{"abc"}}, core.ErrMalformedSignature},
		{"another secret", nil, signed(body, "another secret"), core.ErrSignatureMismatch},
		{"another body", nil, anothers, core.ErrSignatureMismatch},
		{"expired", []core.Option{core.WithMaxAge(time.Hour)}, delivery{body: body}, core.ErrExpired},
		{"too large", []core.Option{core.WithMaxBodyBytes(100)}, delivery{body: body}, core.ErrBodyTooLarge},
		{"not JSON", nil, delivery{body: "event=link_clicked"}, core.ErrMalformedEvent},
		{"empty", nil, delivery{body: ""}, core.ErrMalformedEvent},
		{"no event", nil, delivery{body: `{"link":{}}`}, core.ErrMalformedEvent},
		{"duplicate names", nil, delivery{body: `{"event":"a","event":"b"}`}, core.ErrMalformedEvent},
		{"no secret available", []core.Option{unavailable}, delivery{body: body}, core.ErrSecretUnavailable},
		{"no secret, but an answer", []core.Option{wrapped}, delivery{body: body}, core.ErrSecretUnavailable},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, seen := serve(t, f, App{Options: test.options})
			checkRefused(t, f, send(t, url, test.delivery), seen, test.want)
		})
	}
}
