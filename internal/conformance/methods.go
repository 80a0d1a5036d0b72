package conformance

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
)

// testMethods sends requests without a matching route. Verify on the router still refuses forged
// ones, and authentic ones are not handled.
func testMethods(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{Scope: OnRouter})
	for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		for name, test := range map[string]struct {
			signatures []string
			want       int
		}{
			"unsigned":             {nil, http.StatusUnauthorized},
			"malformed":            {[]string{"x"}, http.StatusUnauthorized},
			"forged":               {[]string{core.Sign("another secret", nil)}, http.StatusUnauthorized},
			"signed without event": {[]string{core.Sign(secret, nil)}, http.StatusUnprocessableEntity},
		} {
			t.Run(method+", "+name, func(t *testing.T) {
				r, err := http.NewRequestWithContext(t.Context(), method, url+Path, nil)
				assert.NoError(t, err)
				r.Header[core.SignatureHeader] = test.signatures
				response, err := clientOf(url).Do(r)
				assert.NoError(t, err)
				assert.NoError(t, response.Body.Close())
				assert.Equal(t, test.want, response.StatusCode)
				_ = seen.takeError()
			})
		}
	}
}
