package page_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
)

func TestAMismatchInABrowser(t *testing.T) {
	f := start(t)
	f.add(mismatch())
	b := openTab(t, f)
	b.run(chromedp.Click(chromedp.CSS("#rows a")))
	b.until(`document.querySelector("#pane .why mark")`)
	text := b.eval(`document.querySelector("#pane .why").innerText`)
	for _, part := range []string{"Why the signature does not match", "Found", "Why", "Fix", "Keys received",
		"Keys signed"} {
		assert.Contains(t, text, part)
	}
	assert.Equal(t, "true", b.eval(`document.querySelector("#rows a").getAttribute("aria-current")`))
	assert.Equal(t, "?open=1", b.eval("location.search"))
	b.run(chromedp.Reload())
	b.until(`document.querySelector("#pane .why mark")`)
}

func TestReplayInABrowser(t *testing.T) {
	f := start(t)
	f.answer(f.add(authentic()), 500)
	b := openTab(t, f)
	b.run(chromedp.Click(chromedp.CSS("#rows a")), chromedp.WaitVisible(chromedp.CSS("#pane .replay")))
	b.run(chromedp.SetValue(chromedp.CSS("#pane input[name=url]"), "http://app.test/again"),
		chromedp.Click(chromedp.CSS("#pane .replay .main")))
	b.until(`document.querySelector("#pane .replays")?.innerText.includes("Accepted")`)
	assert.Equal(t, []replayed{{ID: 1, URL: "http://app.test/again"}}, f.replayed())
	assert.Contains(t, b.eval(`document.querySelector("#pane .replays").textContent`), "replayed <b>well</b>")
	assert.Contains(t, b.eval(`document.querySelector("#pane .answer").innerText`), "500",
		"what it first answered stays")
	assert.Equal(t, "http://app.test/again", b.eval(`document.querySelector("#pane input[name=url]").value`))
	b.until(`document.querySelector("#rows .again")?.textContent === "replayed: 202"`)
	assert.Equal(t, "500", b.eval(`document.querySelector("#rows .pill:nth-of-type(3)").textContent`))
	b.until(`document.querySelector("#said").textContent.includes("202")`)
}

// A person edits a body, which a new answer does not take away, and sends it signed again.
func TestEditedReplayInABrowser(t *testing.T) {
	f := start(t)
	f.answer(f.add(authenticBody([]byte("{\"a\":\n1}"))), 500)
	b := openTab(t, f)
	b.run(chromedp.Click(chromedp.CSS("#rows a")), chromedp.WaitVisible(chromedp.CSS("#pane .edit summary")))
	assert.Equal(t, "{\"a\":\n1}", b.eval(`document.querySelector("#pane textarea").value`))
	b.run(chromedp.Click(chromedp.CSS("#pane .edit summary")),
		chromedp.SetValue(chromedp.CSS("#pane textarea"), "{\"a\":\n2}"))
	b.eval(`document.querySelector("#pane").focus()`)
	f.again(1, 503)
	b.until(`document.querySelector("#pane .replays")?.innerText.includes("503")`)
	assert.Equal(t, "{\"a\":\n2}", b.eval(`document.querySelector("#pane textarea").value`))
	b.run(chromedp.Click(chromedp.CSS("#pane .edit button")))
	b.until(`document.querySelector("#pane .replays .outcome").innerText.includes("edited")`)
	assert.Equal(t, []replayed{{1, target, "{\"a\":\n2}"}}, f.replayed())
}

func TestARefusedReplayInABrowser(t *testing.T) {
	f := start(t)
	f.add(authentic())
	b := openTab(t, f)
	b.visit("/?open=1")
	b.expect("status of 403")
	b.eval(`document.querySelector("[name=csrf]").value = "of another process"`)
	b.run(chromedp.Click(chromedp.CSS("#pane .replay .main")))
	b.until(`document.querySelector("#pane [role=alert]")?.textContent` +
		`.startsWith("Not replayed: This form is not from the running urlrhook")`)
	b.eval(`document.querySelector("#pane [role=alert]").textContent = "the first"`)
	b.until(`!document.querySelector("#pane .replay .main").disabled`)
	b.run(chromedp.Click(chromedp.CSS("#pane .replay .main")))
	b.until(`document.querySelector("#pane [role=alert]").textContent !== "the first"`)
	assert.Equal(t, "1", b.eval(`document.querySelectorAll("#pane [role=alert]").length`))
	assert.Empty(t, f.replayed())
}

func TestAnAnswerAppearsInTheOpenDelivery(t *testing.T) {
	f := start(t)
	id := f.add(authentic())
	b := openTab(t, f)
	b.visit("/?open=1")
	b.until(`document.querySelector("#pane .answer").innerText.includes("None yet.")`)
	f.answer(id, 204)
	b.until(`document.querySelector("#pane .answer").innerText.includes("No Content")`)
}

func TestWithoutScript(t *testing.T) {
	f := start(t)
	for range 60 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.withoutScript()
	b.visit("/")
	b.run(chromedp.Click(chromedp.CSS("#older")), chromedp.WaitVisible(chromedp.CSS(`li[data-id="1"]`)))
	b.run(chromedp.Click(chromedp.CSS(`li[data-id="1"] a`)), chromedp.WaitVisible(chromedp.CSS(".alone .replay")))
	b.run(chromedp.Click(chromedp.CSS(".replay .main")))
	b.run(chromedp.WaitVisible(chromedp.CSS(".replays .outcome")))
	assert.Equal(t, []replayed{{ID: 1, URL: target}}, f.replayed())
	address, err := chromedp.Run(b.ctx, chromedp.Location())
	require.NoError(t, err)
	assert.Equal(t, f.server.URL+"/deliveries/1", address)
}

func TestCopyAsCurl(t *testing.T) {
	f := start(t)
	f.add(authentic())
	b := openTab(t, f)
	b.visit("/deliveries/1")
	b.eval(`Object.defineProperty(navigator, "clipboard", {value: {writeText: async text => { window.copied = text; }}})`)
	b.run(chromedp.Click(chromedp.CSS("[data-copy]")))
	b.until(`document.querySelector("[data-copy]").textContent === "Copied"`)
	assert.Equal(t, f.curlOf(authentic())[:40], b.eval(`window.copied`)[:40])

	b.visit("/deliveries/1")
	b.eval(`Object.defineProperty(navigator, "clipboard", {value: undefined})`)
	b.run(chromedp.Click(chromedp.CSS("[data-copy]")))
	b.until(`getSelection().toString().startsWith("curl --globoff")`)
}

// The command goes where the field says.
func TestCopyAsCurlToAnotherAddress(t *testing.T) {
	f := start(t, func(c *page.Config) { c.Target = "" })
	b := openTab(t, f)
	f.add(authentic())
	b.visit("/?open=1")
	b.eval(`Object.defineProperty(navigator, "clipboard", {value: {writeText: async text => { window.copied = text; }}})`)
	b.run(chromedp.Click(chromedp.CSS("[data-copy]")))
	b.until(`document.activeElement.name === "url"`) // it says that it needs an address
	assert.Equal(t, "undefined", b.eval(`typeof window.copied`))
	b.run(chromedp.SendKeys(chromedp.CSS("[name=url]"), "http://me:xxxxx@app.test/it's?$&"),
		chromedp.Click(chromedp.CSS("[data-copy]")))
	b.until(`window.copied?.startsWith("curl --globoff 'http://app.test/it'\\''s?$&' \\")`)
	assert.Equal(t, b.eval(`window.copied`), b.eval(`document.querySelector(".curl pre").textContent`))
	b.eval(`document.querySelector("#pane").focus()`)
	f.answer(1, 204)
	b.until(`document.querySelector("#pane .outcome")`)
	assert.Contains(t, b.eval(`document.querySelector(".curl pre").textContent`), "app.test")
}

func TestTimesAreLocal(t *testing.T) {
	f := start(t)
	d := authentic()
	d.Received = time.Date(2026, 1, 2, 23, 30, 0, 0, time.UTC)
	f.add(d)
	b := openTab(t, f)
	b.timezone("Asia/Tokyo")
	b.visit("/?open=1")
	b.until(`document.querySelector("#rows time").textContent === "01-03 08:30:00"`)
	assert.Equal(t, "2026-01-03 08:30:00.000", b.eval(`document.querySelector(".facts time").textContent`))
}
