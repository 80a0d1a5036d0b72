package diagnose_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

// A printed report contains neither a secret nor the correct signature.
func TestReportsHoldNoSecret(t *testing.T) {
	for _, s := range situations() {
		r := s.explain()
		encoded, err := json.Marshal(r)
		require.NoError(t, err)
		texts := []string{r.String(), string(encoded), fmt.Sprintf("%+v", r), fmt.Sprintf("%#v", r), string(r.Signed)}
		for _, hidden := range hiddenIn(s) {
			for _, text := range texts {
				assert.NotContains(t, text, hidden, s.name)
				assert.NotContains(t, text, fmt.Sprintf("%v", []byte(hidden)), s.name)
				assert.NotContains(
					t,
					text,
					strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%#v", []byte(hidden)), "[]byte{"), "}"),
					s.name,
				)
			}
		}
	}
}

// hiddenIn returns the secrets of a situation, and each MAC that makes a verifier accept something.
func hiddenIn(s situation) []string {
	hidden := []string{secret, otherSecret}
	for _, secret := range append([]string{secret}, s.secrets...) {
		if secret == "" {
			continue
		}
		hidden = append(hidden, strings.TrimSpace(secret))
		for _, body := range [][]byte{s.body, s.signed, delivery(), nil} {
			signature := core.Sign(secret, body)
			mac, _ := hex.DecodeString(signature)
			hidden = append(hidden, signature, strings.ToUpper(signature), string(mac))
		}
	}
	return hidden
}
