package visible_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

// PHP's escapes are decoded, except those of invisible characters, and of those that would change
// the JSON.
func TestPrettyIsReadable(t *testing.T) {
	for body, want := range map[string]string{
		`"Cr\u00e9hen \ud83c\udf89 a\/b"`:    `"Créhen 🎉 a/b"`,
		`"\u0022\u005c\n\u0000\u202e\u200b"`: `"\u0022\u005c\n\u0000\u202e\u200b"`,
		`"\\u00e9 \\\u00e9 \ud83c x"`:        `"\\u00e9 \\é \ud83c x"`,
		`{"a":[1.0]}`:                        "{\n  \"a\": [\n    1.0\n  ]\n}",
	} {
		assert.Equal(t, want, visible.TextOf(visible.Pretty([]byte(body))), body)
	}
	assert.Nil(t, visible.Pretty([]byte("not JSON")))
}
