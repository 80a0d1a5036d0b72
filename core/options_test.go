package core_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func TestInvalidOptions(t *testing.T) {
	for name, test := range map[string]struct {
		secret string
		opts   []core.Option
	}{
		"empty secret":              {"", nil},
		"blank secret":              {" \n", nil},
		"empty secret, others":      {"", []core.Option{core.WithSecrets("old")}},
		"empty secret to rotate":    {secret, []core.Option{core.WithSecrets("old", "")}},
		"nil SecretFunc":            {secret, []core.Option{core.WithSecretFunc(nil)}},
		"nil SecretFunc, no secret": {"", []core.Option{core.WithSecretFunc(nil)}},
		"no forms":                  {secret, []core.Option{core.WithForms()}},
		"unknown form":              {secret, []core.Option{core.WithForms(core.FormRaw, 9)}},
		"zero form":                 {secret, []core.Option{core.WithForms(0)}},
		"no body":                   {secret, []core.Option{core.WithMaxBodyBytes(0)}},
		"negative body":             {secret, []core.Option{core.WithMaxBodyBytes(-1)}},
		"no age":                    {secret, []core.Option{core.WithMaxAge(0)}},
		"negative age":              {secret, []core.Option{core.WithMaxAge(-time.Second)}},
		"nil observer":              {secret, []core.Option{core.WithObserver(nil)}},
		"nil option":                {secret, []core.Option{nil}},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := core.NewVerifier(test.secret, test.opts...)
			assert.Error(t, err)
			assert.Nil(t, v)
			assert.NotContains(t, fmt.Sprint(err), secret)
			assert.Panics(t, func() { core.MustVerifier(test.secret, test.opts...) })
		})
	}
}

func TestZeroVerifierAcceptsNothing(t *testing.T) {
	for _, body := range []string{"", bodyMay2026} {
		_, err := new(core.Verifier).Verify(t.Context(), []byte(body), core.Sign("", []byte(body)))
		assert.ErrorContains(t, err, "NewVerifier")
		assert.Equal(t, 500, core.StatusCode(err))
	}
}

// Secrets often leak when somebody prints a configuration.
func TestVerifierDoesNotPrintItsSecrets(t *testing.T) {
	v := core.MustVerifier("s3cr3t-one", core.WithSecrets("s3cr3t-two"))
	_, err := v.Verify(t.Context(), []byte(bodyMay2026), core.Sign("s3cr3t-one", []byte(bodyMay2026)))
	require.NoError(t, err)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.NotContains(t, fmt.Sprintf(format, v), "s3cr3t", format)
	}
}
