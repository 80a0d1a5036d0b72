package diagnose_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/diagnose"
)

// FuzzExplain checks that the bytes reported as signed have the received MAC, and that the verdict
// is core's.
func FuzzExplain(f *testing.F) {
	for _, s := range situations() {
		f.Add(s.body, s.signed, s.signature)
	}
	verifier := core.MustVerifier(secret)
	f.Fuzz(func(t *testing.T, body, signed []byte, signature string) {
		for _, signature := range []string{signature, core.Sign(secret, signed)} {
			r := diagnose.Explain(body, signature, secret, otherSecret)
			if r.Signed != nil {
				require.Equal(t, strings.ToLower(signature), core.Sign(secret, r.Signed))
				require.NotEqual(t, string(body), string(r.Signed))
			}
			if len(body) <= core.DefaultMaxBodyBytes {
				_, form, err := verifier.Authenticate(t.Context(), body, signature)
				require.Equal(t, err == nil, r.Authentic)
				require.True(t, !r.Authentic || form.String() == r.Form)
			}
			require.True(t, r.Authentic || r.Cause != diagnose.None)
			require.NotEmpty(t, r.String())
		}
	})
}
