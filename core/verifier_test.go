package core_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

// A body is usually empty because middleware has read it.
func TestEmptyBody(t *testing.T) {
	_, err := core.MustVerifier(secret).Verify(t.Context(), nil, core.Sign(secret, []byte("{}")))
	assert.ErrorIs(t, err, core.ErrSignatureMismatch)
	assert.ErrorContains(t, err, "empty body")
}

func TestFormsOfABody(t *testing.T) {
	arrives := reencoded(bodyMay2026)
	signatures := map[core.Form]string{
		core.FormRaw: core.Sign(secret, []byte(arrives)),
		core.FormPHP: core.Sign(secret, []byte(canonical(t, arrives, core.FormPHP))),
		core.FormJS:  core.Sign(secret, []byte(canonical(t, arrives, core.FormJS))),
	}
	for _, accepted := range [][]core.Form{
		nil, {core.FormRaw}, {core.FormPHP}, {core.FormJS}, {core.FormJS, core.FormRaw},
		{core.FormPHP, core.FormJS, core.FormPHP},
	} {
		var opts []core.Option
		isAccepted := map[core.Form]bool{core.FormRaw: true, core.FormPHP: true, core.FormJS: true}
		if accepted != nil {
			opts = append(opts, core.WithForms(accepted...))
			clear(isAccepted)
		}
		for _, form := range accepted {
			isAccepted[form] = true
		}
		v := core.MustVerifier(secret, opts...)
		for form, signature := range signatures {
			authentic, matched, authenticateErr := v.Authenticate(t.Context(), []byte(arrives), signature)
			e, err := v.Verify(t.Context(), []byte(arrives), signature)
			if !isAccepted[form] {
				assert.ErrorIs(t, authenticateErr, core.ErrSignatureMismatch)
				assert.ErrorIs(t, err, core.ErrSignatureMismatch)
				assert.Nil(t, authentic)
				assert.Nil(t, e)
				assert.Zero(t, matched)
				continue
			}
			require.NoError(t, authenticateErr)
			require.NoError(t, err)
			assert.Equal(t, form, matched)
			assert.Equal(t, form, e.Form())
			assert.Equal(t, canonical(t, arrives, form), string(authentic))
			assert.Equal(t, canonical(t, arrives, form), string(e.Raw()))
		}
	}
}

// If two accepted forms of a body are equal, the first one is reported.
func TestFormOfACanonicalBody(t *testing.T) {
	const body = `{"event":"e"}`
	e, err := verify(t, body)
	require.NoError(t, err)
	assert.Equal(t, core.FormRaw, e.Form())
	e, err = verify(t, body, core.WithForms(core.FormJS, core.FormPHP))
	require.NoError(t, err)
	assert.Equal(t, core.FormPHP, e.Form())
}

// A body that parsers could read differently has only its raw form.
func TestUnsafeBodiesHaveNoCanonicalForm(t *testing.T) {
	for name, test := range map[string]struct{ arrives, php, js string }{
		"duplicate name": {`{"event":"e", "event":"f"}`, `{"event":"f"}`, `{"event":"f"}`},
		"nested duplicate": {
			`{"event":"e", "x":{"a":1,"a":2}}`, `{"event":"e","x":{"a":2}}`, `{"event":"e","x":{"a":2}}`,
		},
		"invalid UTF-8":  {"{\"event\":\"e\xff\"}", "{\"event\":\"e\ufffd\"}", "{\"event\":\"e\ufffd\"}"},
		"lone surrogate": {`{"event": "\ud83d"}`, `{"event":"\ud83d"}`, `{"event":"\ud83d"}`},
		"overflow":       {`{"event":"e", "x":1e400}`, `{"event":"e","x":null}`, `{"event":"e","x":null}`},
		"array index":    {`{"event":"e", "1":2,"0":1}`, ``, `{"0":1,"1":2,"event":"e"}`},
		"deep": {
			`{"event":"e", "x":` + strings.Repeat("[", 511) + strings.Repeat("]", 511) + `}`, ``,
			`{"event":"e","x":` + strings.Repeat("[", 511) + strings.Repeat("]", 511) + `}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := core.MustVerifier(secret)
			for _, canonical := range []string{test.php, test.js} {
				if canonical == "" {
					continue
				}
				_, _, err := v.Authenticate(t.Context(), []byte(test.arrives), core.Sign(secret, []byte(canonical)))
				assert.ErrorIs(t, err, core.ErrSignatureMismatch)
			}
			authentic, form, err := v.Authenticate(
				t.Context(),
				[]byte(test.arrives),
				core.Sign(secret, []byte(test.arrives)),
			)
			require.NoError(t, err)
			assert.Equal(t, core.FormRaw, form)
			assert.Equal(t, test.arrives, string(authentic))
		})
	}
}

func TestForgeries(t *testing.T) {
	v := core.MustVerifier(secret)
	good := core.Sign(secret, []byte(bodyMay2026))
	for i := range good {
		forged := []byte(good)
		forged[i] ^= 1
		_, err := v.Verify(t.Context(), []byte(bodyMay2026), string(forged))
		require.Error(t, err, "digit %d", i)
	}
	for i := range bodyMay2026 {
		forged := []byte(bodyMay2026)
		forged[i] ^= 1
		_, err := v.Verify(t.Context(), forged, good)
		require.ErrorIs(t, err, core.ErrSignatureMismatch, "byte %d", i)
	}
	for _, signature := range []string{
		core.Sign("", []byte(bodyMay2026)), core.Sign(secret, nil), core.Sign(secret+" ", []byte(bodyMay2026)),
	} {
		_, err := v.Verify(t.Context(), []byte(bodyMay2026), signature)
		assert.ErrorIs(t, err, core.ErrSignatureMismatch)
	}
}

func TestSignatures(t *testing.T) {
	v := core.MustVerifier(secret)
	good := core.Sign(secret, []byte(bodyMay2026))
	for signature, want := range map[string]error{
		"":                      core.ErrNoSignature,
		good:                    nil,
		strings.ToUpper(good):   nil,
		"sha256=" + good:        core.ErrMalformedSignature,
		good[:63]:               core.ErrMalformedSignature,
		good + "0":              core.ErrMalformedSignature,
		good[:62] + "zz":        core.ErrMalformedSignature,
		" " + good[1:]:          core.ErrMalformedSignature,
		strings.Repeat("é", 32): core.ErrMalformedSignature,
		strings.Repeat("0", 64): core.ErrSignatureMismatch,
	} {
		_, err := v.Verify(t.Context(), []byte(bodyMay2026), signature)
		assert.ErrorIs(t, err, want, signature)
		_, _, err = v.Authenticate(t.Context(), []byte(bodyMay2026), signature)
		assert.ErrorIs(t, err, want, signature)
	}
}

func TestAuthenticateTakesAnyBytes(t *testing.T) {
	for _, body := range []string{"", "not JSON", "\x00\xff", `{"a":1,"a":2}`} {
		authentic, form, err := core.MustVerifier(
			secret,
		).Authenticate(
			t.Context(),
			[]byte(body),
			core.Sign(secret, []byte(body)),
		)
		require.NoError(t, err, "%q", body)
		assert.Equal(t, body, string(authentic))
		assert.Equal(t, core.FormRaw, form)
	}
}

func TestMaxBodyBytesOfVerify(t *testing.T) {
	limit := int64(len(bodyMay2026))
	_, err := verify(t, bodyMay2026, core.WithMaxBodyBytes(limit))
	require.NoError(t, err)
	_, err = verify(t, bodyMay2026, core.WithMaxBodyBytes(limit-1))
	assert.ErrorIs(t, err, core.ErrBodyTooLarge)
	_, err = verify(t, `{"event":"`+strings.Repeat("e", core.DefaultMaxBodyBytes-12)+`"}`)
	assert.NoError(t, err)
	_, err = verify(t, `{"event":"`+strings.Repeat("e", core.DefaultMaxBodyBytes-11)+`"}`)
	assert.ErrorIs(t, err, core.ErrBodyTooLarge)
}

func TestMaxAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := core.MustVerifier(secret, core.WithMaxAge(time.Hour))
		at := func(timestamp time.Time) error {
			body := fmt.Appendf(nil, `{"event":"e","timestamp":%d}`, timestamp.Unix())
			_, err := v.Verify(t.Context(), body, core.Sign(secret, body))
			return err
		}
		now := time.Now()
		assert.NoError(t, at(now))
		assert.NoError(t, at(now.Add(-time.Hour)))
		assert.NoError(t, at(now.Add(time.Hour)))
		assert.ErrorContains(t, at(now.Add(-time.Hour-time.Second)), "outside WithMaxAge")
		for _, unreadable := range []string{
			`"event":"e"`, `"event":"e","timestamp":null`, `"event":"e","timestamp":"1697398126"`,
			`"event":"e","timestamp":1697398126000`,
		} {
			_, err := verify(t, "{"+unreadable+"}", core.WithMaxAge(time.Hour))
			assert.ErrorIs(t, err, core.ErrExpired)
			assert.ErrorContains(t, err, "missing or unreadable")
			assert.NotContains(t, err.Error(), "outside")
		}
		assert.ErrorIs(t, at(now.Add(-time.Hour-time.Second)), core.ErrExpired)
		assert.ErrorIs(t, at(now.Add(time.Hour+time.Second)), core.ErrExpired)
		assert.ErrorIs(t, at(time.Unix(0, 0)), core.ErrExpired)
		assert.ErrorIs(t, at(time.Unix(1<<53-1, 0)), core.ErrExpired)
		assert.ErrorIs(t, at(time.Unix(-(1<<53-1), 0)), core.ErrExpired)

		time.Sleep(30 * time.Minute)
		assert.NoError(t, at(now))
		time.Sleep(30*time.Minute + time.Second)
		assert.ErrorIs(t, at(now), core.ErrExpired)

		v = core.MustVerifier(secret, core.WithMaxAge(math.MaxInt64))
		for _, body := range []string{
			`{"event":"e"}`, `{"event":"e","timestamp":"now"}`, `{"event":"e","timestamp":null}`,
		} {
			_, err := v.Verify(t.Context(), []byte(body), core.Sign(secret, []byte(body)))
			assert.ErrorIs(t, err, core.ErrExpired, body)
			_, _, err = v.Authenticate(t.Context(), []byte(body), core.Sign(secret, []byte(body)))
			assert.NoError(t, err, "Authenticate does not look at the age")
		}
	})
}

func TestVerifierIsSafeForConcurrentUse(t *testing.T) {
	v := core.MustVerifier(secret, core.WithSecrets("old"))
	shared := []byte(reencoded(bodyMay2026)) // read concurrently, never modified
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := range 200 {
				body := strings.Replace(bodyMay2026, "yBPhx", fmt.Sprintf("%d-%d", n, i), 1)
				e, err := v.Verify(context.Background(), []byte(body), core.Sign("old", []byte(body)))
				if assert.NoError(t, err) {
					assert.Equal(t, fmt.Sprintf("%d-%d", n, i), e.Link.Code)
				}
				_, err = v.Verify(context.Background(), shared, core.Sign(secret, []byte(bodyMay2026)))
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
	assert.Equal(t, reencoded(bodyMay2026), string(shared))
}

func TestVerifyDoesNotModifyTheBody(t *testing.T) {
	room := append([]byte(reencoded(bodyMay2026)), "spare capacity"...)
	body := room[:len(room)-len("spare capacity")]
	_, err := core.MustVerifier(secret).Verify(t.Context(), body, core.Sign(secret, []byte(bodyMay2026)))
	require.NoError(t, err)
	assert.True(t, bytes.HasSuffix(room, []byte("spare capacity")))
	assert.Equal(t, reencoded(bodyMay2026), string(body))
}
