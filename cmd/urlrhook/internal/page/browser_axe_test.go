package page_test

import (
	_ "embed"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
)

//go:embed testdata/axe.min.js
var axe string

// axe-core finds no accessibility violation.
func TestAxe(t *testing.T) {
	f := start(t)
	f.answer(f.add(authentic()), 204)
	f.answer(f.add(mismatch()), 204)
	f.answer(f.add(delivery([]byte("not JSON\x00"), "")), 500)
	f.again(3, 503)
	empty := start(t, func(c *page.Config) { c.Secrets = nil })
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1440, 390} {
			b := openTab(t, f)
			b.emulate(scheme)
			b.run(chromedp.EmulateViewport(width, 900))
			for _, path := range []string{"/", "/?open=2", "/?open=3", "/deliveries/2", "/?status=none", "/deliveries/99"} {
				b.expect("status of 404")
				b.visit(path)
				b.checkAxe(scheme, width, path)
			}
			b.visit("/?status=failed")
			b.eval(`document.querySelector("#replay-all").click()`)
			b.until(`document.querySelector("#batch").open`)
			b.checkAxe(scheme, width, "the dialog that replays")
		}
		none := openTab(t, empty)
		none.emulate(scheme)
		none.visit("/")
		none.checkAxe(scheme, "empty")
	}
}

func (b *tab) checkAxe(about ...any) {
	b.t.Helper()
	b.frames()
	const run = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v =>
		v.id + ": " + v.nodes.map(n => n.target + " " + n.failureSummary).join("; ")).join("\n"))`
	b.eval("(() => { " + axe + "; return 1; })()")
	violations, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](run, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err)
	assert.Empty(b.t, violations, fmt.Sprint(about...))
}
