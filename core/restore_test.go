package core_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func TestRestore(t *testing.T) {
	for _, arrives := range []string{bodyMay2026, reencoded(bodyMay2026)} {
		want, err := core.MustVerifier(
			secret,
		).Verify(
			t.Context(),
			[]byte(arrives),
			core.Sign(secret, []byte(bodyMay2026)),
		)
		require.NoError(t, err)
		raw := append([]byte(nil), want.Raw()...)
		got, err := core.Restore(raw, want.Form(), want.Fingerprint())
		require.NoError(t, err)
		clear(raw)
		requireSameEvent(t, want, got)
		assert.Equal(t, want.Raw(), got.Raw())
		assert.Equal(t, want.Form(), got.Form())
		assert.Equal(t, want.Fingerprint(), got.Fingerprint())
	}
}

func TestRestoreWhatNobodyVerified(t *testing.T) {
	const fingerprint = "0123456789abcdef0123456789abcdef"
	raw := []byte(bodyMay2026)
	for _, test := range []struct {
		form        core.Form
		fingerprint string
	}{
		{0, fingerprint},
		{4, fingerprint},
		{core.FormRaw, ""},
		{core.FormRaw, fingerprint[1:]},
		{core.FormRaw, fingerprint + "0"},
		{core.FormRaw, "0123456789ABCDEF0123456789abcdef"}, {core.FormRaw, "0123456789abcdefg123456789abcdef"},
	} {
		e, err := core.Restore(raw, test.form, test.fingerprint)
		assert.ErrorContains(t, err, "Restore")
		assert.Nil(t, e)
	}
	_, err := core.Restore([]byte(`{}`), core.FormRaw, fingerprint)
	assert.ErrorIs(t, err, core.ErrMalformedEvent)
}

// Goroutines may append to the result of Raw concurrently.
func TestRawHasNoSpareCapacity(t *testing.T) {
	for _, arrives := range []string{bodyMay2026, reencoded(bodyMay2026)} {
		r := newRequest(strings.NewReader(arrives), bodyMay2026)
		r.ContentLength = -1
		fromRequest, err := core.MustVerifier(secret).VerifyRequest(r)
		require.NoError(t, err)
		assert.Equal(t, len(fromRequest.Raw()), cap(fromRequest.Raw()))
		e, err := core.MustVerifier(secret).Verify(t.Context(), []byte(arrives), core.Sign(secret, []byte(bodyMay2026)))
		require.NoError(t, err)
		assert.Equal(t, len(e.Raw()), cap(e.Raw()))
	}
}
