package core_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func TestObserver(t *testing.T) {
	var seen, seenToo []core.Observation
	v := core.MustVerifier(secret,
		core.WithSecrets("old"),
		core.WithObserver(func(_ context.Context, o core.Observation) { seen = append(seen, o) }),
		core.WithObserver(func(_ context.Context, o core.Observation) { seenToo = append(seenToo, o) }))
	last := func() core.Observation {
		t.Helper()
		require.Len(t, seen, 1, "once per verification")
		require.Len(t, seenToo, 1)
		o := seen[0]
		seen, seenToo = nil, nil
		return o
	}

	e, err := v.Verify(t.Context(), []byte(reencoded(bodyMay2026)), core.Sign("old", []byte(bodyMay2026)))
	require.NoError(t, err)
	o := last()
	assert.Same(t, e, o.Event)
	assert.NoError(t, o.Err)
	assert.Equal(t, core.FormPHP, o.Form)
	assert.Equal(t, 1, o.SecretIndex)
	assert.Equal(t, len(reencoded(bodyMay2026)), o.BodyBytes)

	_, err = v.Verify(t.Context(), []byte("x"), "")
	assert.Equal(t, core.Observation{Err: err, SecretIndex: -1, BodyBytes: 1}, withoutDuration(last()))

	_, _, err = v.Authenticate(t.Context(), []byte("x"), core.Sign(secret, []byte("x")))
	require.NoError(t, err)
	assert.Equal(t, core.Observation{Form: core.FormRaw, BodyBytes: 1}, withoutDuration(last()))

	_, err = v.Verify(t.Context(), []byte("x"), core.Sign(secret, []byte("x")))
	assert.Equal(
		t,
		core.Observation{Err: err, Form: core.FormRaw, BodyBytes: 1},
		withoutDuration(last()),
		"authentic, but no event",
	)

	_, err = v.VerifyRequest(newRequest(strings.NewReader(bodyMay2026), ""))
	assert.Equal(t, core.Observation{Err: err, SecretIndex: -1, BodyBytes: len(bodyMay2026)}, withoutDuration(last()))

	r := newRequest(strings.NewReader(bodyMay2026), "")
	r.Header.Del("X-Signature")
	_, err = v.VerifyRequest(r)
	assert.Equal(t, core.Observation{Err: err, SecretIndex: -1}, withoutDuration(last()))
}

func withoutDuration(o core.Observation) core.Observation {
	o.Duration = 0
	return o
}

func TestObservedDuration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var duration time.Duration
		v := core.MustVerifier(secret,
			core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) {
				time.Sleep(time.Second)
				return nil, nil
			}),
			core.WithObserver(func(_ context.Context, o core.Observation) { duration = o.Duration }))
		_, err := v.Verify(t.Context(), []byte(bodyMay2026), core.Sign(secret, []byte(bodyMay2026)))
		require.NoError(t, err)
		assert.Equal(t, time.Second, duration)
	})
}

func TestLogObserver(t *testing.T) {
	for _, test := range []struct {
		name, body, signed string
		lookUpErr          error
		level, message     string
		want               map[string]any
	}{
		{"accepted", bodyMay2026, bodyMay2026, nil, "DEBUG", "urlr webhook accepted",
			map[string]any{"form": "raw", "type": "link_clicked", "link_code": "yBPhx", "secret_index": 0.0}},
		{"accepted in another form", reencoded(bodyMay2026), bodyMay2026, nil, "DEBUG", "urlr webhook accepted",
			map[string]any{"form": "php"}},
		{"accepted with drift", `{"event":"e","link":5}`, `{"event":"e","link":5}`, nil,
			"DEBUG", "urlr webhook accepted", map[string]any{"drift": []any{"link"}}},
		{"forged", bodyMay2026, "something else", nil, "WARN", "urlr webhook refused", map[string]any{
			"reason": "ErrSignatureMismatch", "status": 401.0,
			"error": "urlr: signature mismatch: the SecretFunc returned no secret",
			"hint":  "If the claimed folder is one of yours, have the SecretFunc return its secret."}},
		{"malformed", "not JSON", "not JSON", nil, "WARN", "urlr webhook refused", map[string]any{
			"reason": "ErrMalformedEvent", "status": 422.0,
			"hint": "The signature is valid, but the body is not an event. " +
				"Check whether URLR has changed its format."}},
		{"our fault", bodyMay2026, bodyMay2026, errors.New("database is down"), "ERROR", "urlr webhook not verified",
			map[string]any{"reason": "ErrSecretUnavailable", "status": 503.0,
				"hint": "Check the SecretFunc and what it depends on."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			v := core.MustVerifier(secret, core.WithObserver(core.LogObserver(logger)),
				core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) { return nil, test.lookUpErr }))
			signature := core.Sign(secret, []byte(test.signed))
			_, err := v.Verify(t.Context(), []byte(test.body), signature)

			var record map[string]any
			require.NoError(t, json.Unmarshal(log.Bytes(), &record), "one record: %s", &log)
			assert.Equal(t, test.level, record["level"])
			assert.Equal(t, test.message, record["msg"])
			assert.EqualValues(t, len(test.body), record["body_bytes"])
			assert.Contains(t, record, "duration")
			for name, value := range test.want {
				assert.Equal(t, value, record[name], name)
			}
			if err != nil {
				assert.Equal(t, err.Error(), record["error"])
			}
			if err == nil || test.name != "malformed" {
				for _, private := range []string{secret, signature, core.Sign(secret, []byte(test.body)), "Firefox"} {
					assert.NotContains(t, log.String(), private)
				}
			}
		})
	}
}

// Operators read the log when a folder's secret is missing.
func TestLogOfAClaim(t *testing.T) {
	record := func(body string, secrets ...string) map[string]any {
		var log bytes.Buffer
		v, err := core.NewVerifier("", core.WithObserver(core.LogObserver(slog.New(slog.NewJSONHandler(&log, nil)))),
			core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) { return secrets, nil }))
		require.NoError(t, err)
		_, err = v.Verify(t.Context(), []byte(body), core.Sign("forged", nil))
		require.ErrorIs(t, err, core.ErrSignatureMismatch)
		var record map[string]any
		require.NoError(t, json.Unmarshal(log.Bytes(), &record))
		return record
	}
	r := record(body2024)
	assert.Equal(t, map[string]any{
		"link_id":      "9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11",
		"link_code":    "yBPhx",
		"workspace_id": "1d0c4f5e-6a5f-4c62-9d9b-2f5cb5f2a001",
		"folder_id":    "6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002",
		"folder":       10.0,
		"team":         5.0,
	}, r["unverified_claim"])
	assert.Contains(t, r["error"], "returned no secret")

	r = record(`{"event":"e","link":{"folder_id":"f"}}`, "other")
	assert.Equal(t, map[string]any{"folder_id": "f"}, r["unverified_claim"])
	assert.NotContains(t, r["error"], "returned no secret")

	assert.NotContains(t, record("not JSON"), "unverified_claim")
	r = record(`{"event":"e","link":{"code":"` + strings.Repeat("é", 10_000) + `"}}`)
	assert.Equal(t, map[string]any{"link_code": strings.Repeat("é", 32) + "..."}, r["unverified_claim"])
}

func TestLogOfAHint(t *testing.T) {
	for _, test := range []struct {
		secret, body, signature, want string
		opts                          []core.Option
	}{
		{secret, "x", "", "x-signature", nil},
		{secret, "x", "x", "x-signature", nil},
		{secret, "x", core.Sign("forged", nil), "the link's folder", nil},
		{secret, "", core.Sign("forged", nil), "Mount Verify before", nil},
		{secret + "\n", "x", core.Sign("forged", nil), "remove it here", nil},
		{secret, "xx", core.Sign("forged", nil), "WithMaxBodyBytes", []core.Option{core.WithMaxBodyBytes(1)}},
		{secret, body2023, core.Sign(secret, []byte(body2023)), "clock", []core.Option{core.WithMaxAge(1)}},
		{secret, `{"event":"e"}`, core.Sign(secret, []byte(`{"event":"e"}`)), "without a timestamp",
			[]core.Option{core.WithMaxAge(1)}},
		// An error that is merely wrapped doesn't determine the hint.
		{secret, "x", core.Sign("forged", nil), "Check the SecretFunc", []core.Option{core.WithSecretFunc(
			func(ctx context.Context, _ core.Claim) ([]string, error) {
				_, err := core.MustVerifier(secret).Verify(ctx, nil, core.Sign("forged", nil))
				return nil, err
			})}},
	} {
		var log bytes.Buffer
		observe := core.WithObserver(core.LogObserver(slog.New(slog.NewJSONHandler(&log, nil))))
		v := core.MustVerifier(test.secret, append(test.opts, observe)...)
		_, err := v.Verify(t.Context(), []byte(test.body), test.signature)
		require.Error(t, err)
		var record map[string]any
		require.NoError(t, json.Unmarshal(log.Bytes(), &record))
		assert.Contains(t, record["hint"], test.want)
		assert.NotContains(t, err.Error(), record["hint"], "advice belongs in the log")
	}
}

func TestObservedClaim(t *testing.T) {
	var seen core.Observation
	observe := core.WithObserver(func(_ context.Context, o core.Observation) { seen = o })
	lookUp := core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) { return []string{secret}, nil })
	_, err := verify(t, body2023, observe, lookUp)
	require.NoError(t, err)
	assert.Equal(t, &core.Claim{LinkCode: "yBPhx", Team: 5, Folder: 10}, seen.Claim)
	_, err = verify(t, "not JSON", observe, lookUp)
	require.ErrorIs(t, err, core.ErrMalformedEvent)
	assert.Equal(t, &core.Claim{}, seen.Claim)
	_, err = verify(t, body2023, observe)
	require.NoError(t, err)
	assert.Nil(t, seen.Claim, "there is no SecretFunc")
}

func TestLogObserverObeysTheLevel(t *testing.T) {
	var log bytes.Buffer
	observe := core.LogObserver(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})))
	_, err := verify(t, bodyMay2026, core.WithObserver(observe))
	require.NoError(t, err)
	assert.Empty(t, log.String())
}

func TestLogObserverOfTheDefaultLogger(t *testing.T) {
	var log bytes.Buffer
	observe := core.LogObserver(nil)
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	_, err := verify(t, "not JSON", core.WithObserver(observe))
	require.Error(t, err)
	assert.Contains(t, log.String(), "reason=ErrMalformedEvent")
}

// Errors are logged and shown, so they must not contain anything private.
func TestErrorsHoldNothingPrivate(t *testing.T) {
	const body = `{"event":"link_clicked","private":"private",}`
	signature := core.Sign(secret, []byte(body))
	errs := make([]error, 0, 5)
	for _, signature := range []string{"", "x", signature, core.Sign("other", []byte(body))} {
		_, err := core.MustVerifier(secret).Verify(t.Context(), []byte(body), signature)
		errs = append(errs, err)
	}
	_, err := core.Canonicalize(nil, []byte(body), core.FormPHP)
	errs = append(errs, err)
	for _, err := range errs {
		require.Error(t, err)
		assert.Regexp(t, "^urlr: ", err.Error())
		for _, private := range []string{secret, signature, "private", core.Sign("other", []byte(body))} {
			assert.NotContains(t, err.Error(), private)
		}
	}
}
