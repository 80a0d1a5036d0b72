package visible_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

func TestTokensHaveKinds(t *testing.T) {
	var b strings.Builder
	for _, s := range visible.Pretty([]byte(`{"a\":":[-1.5e+3,"x: \"y",true,false,null,{}],"\u0000":""}`)) {
		if s.Kind != "" {
			b.WriteString("<" + s.Kind + " " + s.Text + ">")
		} else {
			b.WriteString(s.Text)
		}
	}
	assert.Equal(t, `{
  <key "a\":">: [
    <number -1.5e+3>,
    <string "x: \"y">,
    <word true>,
    <word false>,
    <word null>,
    {}
  ],
  <key "\u0000">: <string "">
}`, b.String())
}

// A body with many tokens keeps its text, and the page stays light.
func TestKindsAreBounded(t *testing.T) {
	spans := visible.Pretty([]byte("[" + strings.Repeat("1,", 30_000) + "1]"))
	assert.Less(t, len(spans), 4100)
	assert.Equal(t, 30_001, strings.Count(visible.TextOf(spans), "1"))
}
