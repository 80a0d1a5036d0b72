package diagnose_test

import (
	"crypto/fips140"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/diagnose"
)

// If FIPS 140 is enforced, crypto/hmac panics on short keys, and crypto/md5 always panics.
func TestWithFIPSEnforced(t *testing.T) {
	if fips140.Enforced() {
		body := delivery()
		r := diagnose.Explain(body, "a68dd01ac0d4f6b2c25a6e47d7ba1d4ed5ea6ea4b1c1c1d8a5ae0e6b8e2bb2ff", "short")
		assert.Equal(t, diagnose.Unknown, r.Cause)
		fips140.WithoutEnforcement(func() {
			r = diagnose.Explain(body, core.Sign("short", concat(body, "\n")), "short")
		})
		assert.Equal(t, diagnose.TrailingNewline, r.Cause)
		return
	}
	executable, err := os.Executable()
	require.NoError(t, err)
	enforced := exec.Command(executable, "-test.run", "^TestWithFIPSEnforced$", "-test.count", "1")
	enforced.Env = append(os.Environ(), "GODEBUG=fips140=only")
	output, err := enforced.CombinedOutput()
	require.NoError(t, err, "%s", output)
	assert.Contains(t, string(output), "PASS")
}
