package diagnose_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/diagnose"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func (s situation) explain() diagnose.Report {
	secrets := s.secrets
	if secrets == nil {
		secrets = []string{secret}
	}
	return diagnose.Explain(s.body, s.signature, secrets...)
}

func TestEveryCauseIsFound(t *testing.T) {
	tested := map[diagnose.Cause]bool{}
	for _, s := range situations() {
		t.Run(string(s.cause)+"/"+s.name, func(t *testing.T) {
			received := bytes.Clone(s.body)
			r := s.explain()
			assert.False(t, r.Authentic)
			assert.Equal(t, s.cause, r.Cause, r.Found)
			assert.NotEmpty(t, r.Found)
			assert.NotEmpty(t, r.Why)
			assert.NotEmpty(t, r.Fix)
			assert.Equal(t, s.signed, r.Signed, r.Found)
			assert.Equal(t, received, s.body, "the body is not touched")
			tested[r.Cause] = true
		})
	}
	for _, cause := range diagnose.AllCauses() {
		assert.True(t, tested[cause], "no situation has the cause %s", cause)
	}
}

func TestAuthenticDeliveries(t *testing.T) {
	for _, g := range urlrtest.Generations() {
		body := urlrtest.Body(click(), g)
		js, err := core.Canonicalize(nil, body, core.FormJS)
		require.NoError(t, err)
		arrives := urlrtest.Reencode(body)
		for form, signed := range map[string][]byte{"raw": arrives, "php": body, "js": js} {
			r := diagnose.Explain(arrives, core.Sign(secret, signed), "", secret, otherSecret)
			assert.True(t, r.Authentic)
			assert.Equal(t, form, r.Form)
			assert.Equal(t, 1, r.SecretIndex)
			assert.Equal(t, diagnose.None, r.Cause)
			assert.Empty(t, r.Refusal)
			assert.Empty(t, r.Found+r.Why+r.Fix)
			if form == "raw" {
				assert.Nil(t, r.Signed)
			} else {
				assert.Equal(t, string(signed), string(r.Signed))
				assert.Contains(t, strings.Join(r.Facts, "\n"), "re-encoded on its way")
			}
		}
		assert.True(
			t,
			diagnose.Explain(body, strings.ToUpper(core.Sign(secret, body)), secret).Authentic,
			"upper case is accepted",
		)
	}
}

func TestAuthenticButRefused(t *testing.T) {
	const event = `{"event":"e"}`
	for name, test := range map[string]struct {
		body  string
		cause diagnose.Cause
		err   error
	}{
		"no event": {`{"a":1}`, diagnose.None, core.ErrMalformedEvent},
		"no JSON":  {`a=1`, diagnose.None, core.ErrMalformedEvent},
		"empty":    {``, diagnose.None, core.ErrMalformedEvent},
		"sample":   {sample, diagnose.DocumentationSample, core.ErrMalformedEvent},
		"large":    {event + strings.Repeat(" ", core.DefaultMaxBodyBytes), diagnose.None, core.ErrBodyTooLarge},
		"huge":     {event + strings.Repeat(" ", diagnose.MaxBodyBytes), diagnose.None, core.ErrBodyTooLarge},
	} {
		r := diagnose.Explain([]byte(test.body), core.Sign(secret, []byte(test.body)), secret)
		assert.True(t, r.Authentic, name)
		assert.Equal(t, test.cause, r.Cause, name)
		assert.Contains(t, r.Refusal, test.err.Error(), name)
		assert.Contains(t, r.String(), "But a verifier refuses it: ", name)
	}
}

func TestFacts(t *testing.T) {
	unrelated := core.Sign("unrelated", nil)
	muchWork := `["` + strings.Repeat("é/<", diagnose.MaxBodyBytes/4-2) + `"]`
	for name, test := range map[string]struct {
		body, fact string
		secrets    []string
	}{
		"empty secret": {"{}", "Secret 2 is empty and was not tried.", []string{secret, ""}},
		"sample":       {sample, "sample of URLR's documentation", []string{secret}},
		"large":        {strings.Repeat(" ", core.DefaultMaxBodyBytes+1), "refuses by default", []string{secret}},
		"huge":         {strings.Repeat(" ", diagnose.MaxBodyBytes+1), "not every cause was tried", []string{secret}},
		"deep":         {strings.Repeat("[", 9) + strings.Repeat("]", 9), "not every cause was tried", []string{secret}},
		"many values":  {`[` + strings.Repeat("1,", 5000) + `1]`, "not every cause was tried", []string{secret}},
		"much work":    {muchWork, "not every cause was tried", []string{secret}},
	} {
		r := diagnose.Explain([]byte(test.body), unrelated, test.secrets...)
		assert.Equal(t, diagnose.Unknown, r.Cause, name)
		assert.Contains(t, strings.Join(r.Facts, "\n"), test.fact, name)
		assert.Contains(t, r.String(), test.fact, name)
		assert.NotContains(t, r.String(), "WithMaxBodyBytes", "it is no advice for those who write no Go")
	}
}

// An empty key is the signer's mistake and never makes a body authentic. HMAC pads keys with NUL
// bytes, so a key of NUL bytes is empty, too.
func TestBlankSecretsAreNeverTried(t *testing.T) {
	body := delivery()
	for _, blank := range []string{"", " ", "\t\r\n", "\x00", strings.Repeat("\x00", 32), "\ufeff", "\u200b\u00a0"} {
		for _, secrets := range [][]string{{blank}, {blank, ""}, {blank, secret}, {secret, blank}} {
			for _, signers := range []string{"", blank} {
				r := diagnose.Explain(body, core.Sign(signers, body), secrets...)
				assert.False(t, r.Authentic, "%q", secrets)
				assert.NotEqual(t, diagnose.AnotherSecret, r.Cause, "%q", secrets)
				assert.Equal(t, !slices.Contains(secrets, secret), r.Cause == diagnose.NoSecret, "%q", secrets)
				assert.Contains(t, strings.Join(r.Facts, "\n"), "is empty and was not tried", "%q", secrets)
			}
		}
	}
	assert.Equal(t, diagnose.NoSecret, diagnose.Explain(body, core.Sign("", body)).Cause)
}

func TestSecretIndex(t *testing.T) {
	body := delivery()
	for _, test := range []struct {
		signature string
		secrets   []string
		want      int
	}{
		{core.Sign(secret, body), []string{secret}, 0},
		{core.Sign(otherSecret, body), []string{secret, "", otherSecret}, 2},
		{core.Sign(secret, concat(body, "\n")), []string{"", secret}, 1},
		{core.Sign(secret, body), []string{"\n", secret}, 1},
		{core.Sign("unrelated", body), []string{secret}, -1},
		{core.Sign("", body), []string{secret}, -1},
		{"sha256=" + core.Sign(secret, body), []string{secret}, 0},
	} {
		assert.Equal(t, test.want, diagnose.Explain(body, test.signature, test.secrets...).SecretIndex)
	}
}

// A few bytes that decompress to a lot must not be read to the end. Nesting and truncated bodies
// must do no harm.
func TestBombsAreHarmless(t *testing.T) {
	for name, body := range map[string][]byte{
		"gzip":    gzipOf(bytes.Repeat([]byte{0}, 64<<20)),
		"nesting": bytes.Repeat([]byte("["), diagnose.MaxBodyBytes),
		"nested":  concat(bytes.Repeat([]byte("["), 9000), strings.Repeat("]", 9000)),
		"cut":     multipartOf(delivery())[:400],
		"fields":  bytes.Repeat([]byte("a=b&"), diagnose.MaxBodyBytes/4),
	} {
		r := diagnose.Explain(body, core.Sign("unrelated", nil), secret)
		assert.Equal(t, diagnose.Unknown, r.Cause, name)
	}
}
