package page_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

var hiddenFields = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// nextBatch submits the form of a page, as a browser without the script does.
func (f *fixture) nextBatch(form string, to string) answer {
	f.t.Helper()
	values := url.Values{"url": {to}}
	for _, field := range hiddenFields.FindAllStringSubmatch(form, -1) {
		values.Set(field[1], field[2])
	}
	return f.do(http.MethodPost, "/replay", values, map[string]string{"Sec-Fetch-Site": "same-origin"})
}

// Everything that matched when the form was made is replayed once, oldest first.
func TestReplayByFilter(t *testing.T) {
	f := start(t)
	cut := authentic()
	cut.Length = 100_000
	for i := range 120 {
		id := f.add(authentic())
		f.answer(id, map[bool]int{true: 204, false: 500}[i%20 == 0])
	}
	f.add(cut)
	a := f.get("/replay?status=failed")
	has(t, a.text, "Replay 115 deliveries")
	has(t, a.text, "answer failed")
	f.add(authentic()) // it came later, and nobody has seen it

	a = f.nextBatch(a.text, "http://app.test/hook")
	require.Equal(t, http.StatusOK, a.StatusCode)
	has(t, a.text, "100 of 115 deliveries")
	has(t, a.text, ">Continue<")
	a = f.nextBatch(a.text, "http://app.test/hook")
	has(t, a.text, "115 deliveries done")
	lacks(t, a.text, "Continue")

	replays := f.replayed()
	assert.Len(t, replays, 115)
	for i := 1; i < len(replays); i++ {
		assert.Less(t, replays[i-1].ID, replays[i].ID)
	}
	n, err := f.store.Count(t.Context(), store.Filter{Status: store.Failed})
	require.NoError(t, err)
	assert.Equal(t, 1, n, "the late one")
}

func TestReplayByFilterRefuses(t *testing.T) {
	f := start(t)
	f.add(authentic())
	assert.Equal(t, http.StatusBadRequest, f.get("/replay").StatusCode, "without a filter it would be everything")
	form := f.get("/replay?status=failed").text
	assert.Equal(t, http.StatusBadRequest, f.nextBatch(form, "ftp://app.test").StatusCode)
	values := url.Values{"status": {"failed"}, "url": {target}, "upto": {"1"}}
	for _, token := range []string{"", "wrong"} {
		values.Set("csrf", token)
		a := f.do(http.MethodPost, "/replay", values, map[string]string{"Sec-Fetch-Site": "same-origin"})
		assert.Equal(t, http.StatusForbidden, a.StatusCode)
	}
	values.Set("csrf", f.csrf("1"))
	a := f.do(http.MethodPost, "/replay", values, map[string]string{"Origin": "http://evil.test"})
	assert.Equal(t, http.StatusForbidden, a.StatusCode)
	assert.Empty(t, f.replayed())
}

func TestReplayByFilterInABrowser(t *testing.T) {
	f := start(t)
	for i := range 130 {
		f.answer(f.add(authentic()), map[bool]int{true: 204, false: 500}[i%13 == 0])
	}
	b := openTab(t, f)
	b.until(isLive)
	b.choose("status", "failed")
	b.until(`document.querySelector("#matching").textContent === "120"`)
	b.run(chromedp.Click(chromedp.CSS("#replay-all")))
	b.until(`document.querySelector("#batch").open && document.querySelector("#batch-title").textContent === "Replay 120 deliveries"`)
	b.press("j", "r") // text, in the field for the address
	b.eval(`(field => { field.value = field.defaultValue; field.blur(); })(document.querySelector("#batch [name=url]"))`)
	b.press("j", "r")
	assert.Empty(t, f.replayed(), "no key acts behind the dialog")
	b.run(chromedp.Click(chromedp.CSS("#batch .main")))
	b.until(`document.querySelector("#batch-title").textContent === "120 deliveries done"`)
	assert.Contains(t, b.eval(`document.querySelector("#batch").innerText`), "120 answered with 2xx, 0 not")
	assert.Contains(t, b.eval(`document.querySelector("#said").textContent`), "120 deliveries done")
	assert.Len(t, f.replayed(), 120)
	b.run(chromedp.Click(chromedp.CSS("#batch [data-dismiss]")))
	b.until(`!document.querySelector("#batch").open && document.querySelector("#matching").textContent === "0"`)
}

// Stop ends a replay after the current batch.
func TestStopAReplayByFilter(t *testing.T) {
	f := start(t)
	for range 150 {
		f.answer(f.add(authentic()), 500)
	}
	b := openTab(t, f)
	b.visit("/?status=failed")
	b.until(isLive)
	b.run(chromedp.Click(chromedp.CSS("#replay-all")))
	b.until(`document.querySelector("#batch").open`)
	arrived, release := f.hold("/replay")
	b.eval(`document.querySelector("#batch .main").click()`)
	b.receive(arrived)
	b.eval(`document.querySelector("#batch [data-stop]").click()`)
	release()
	b.until(`document.querySelector("#batch-title").textContent === "100 of 150 deliveries"`)
	b.frames()
	assert.Len(t, f.replayed(), 100)
	b.run(chromedp.Click(chromedp.CSS("#batch .main"))) // Continue
	b.until(`document.querySelector("#batch-title").textContent === "150 deliveries done"`)
	assert.Len(t, f.replayed(), 150)
}
