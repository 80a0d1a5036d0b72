package diagnose_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/diagnose"
)

func TestReportInJSON(t *testing.T) {
	body := []byte(`{"event":"link_clicked"}`)
	for _, test := range []struct{ signature, want string }{
		{core.Sign(secret, body), `{"authentic":true,"form":"raw","secret_index":0,"body_bytes":24,"valid_json":true}`},
		{"sha256=" + core.Sign(secret, body), `{"authentic":false,"refusal":"` + core.ErrMalformedSignature.Error() + `",` +
			`"form":"raw","secret_index":0,"cause":"signature-prefix",` +
			`"found":"The signature matches if the prefix before it is removed.",` +
			`"why":"Other services name the algorithm or the version before the signature, ` +
			`and some code adds what they have. URLR sends none.",` +
			`"fix":"Pass on the value of the x-signature header as it is: 64 hexadecimal digits and nothing else.",` +
			`"body_bytes":24,"valid_json":true}`},
	} {
		encoded, err := json.Marshal(diagnose.Explain(body, test.signature, secret))
		require.NoError(t, err)
		assert.Equal(t, test.want, string(encoded))
	}
}

func TestReportInText(t *testing.T) {
	body := []byte(`{"event": "link_clicked"}`)
	signed := []byte(`{"event":"link_clicked"}`)
	assert.Equal(t, `The signature matches the body (form php, secret 2).
Body:  25 bytes of valid JSON
Note:  Secret 1 is empty and was not tried.
Note:  The body was re-encoded on its way: `+`not the bytes received were signed, but their php form. This library accepts that.
`, diagnose.Explain(body, core.Sign(secret, signed), "", secret).String())
}
