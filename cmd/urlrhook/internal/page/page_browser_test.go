package page_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const rowCount = `document.querySelectorAll("#rows li").length`

func TestTheListGrowsLive(t *testing.T) {
	f := start(t)
	b := openTab(t, f)
	b.until(`document.querySelector("#live").textContent === "live"`)
	assert.Contains(t, b.eval(`document.querySelector(".empty").innerText`), "urlrhook send --to")

	first := f.add(authentic())
	b.until(rowCount + ` === 1`)
	b.until(`document.querySelector("#rows .pill:nth-of-type(3)").textContent === "waiting"`)
	assert.Equal(t, "none", b.eval(`getComputedStyle(document.querySelector(".empty")).display`))

	f.answer(first, 204)
	b.until(`document.querySelector("#rows .pill:nth-of-type(3)").textContent === "204"`)
	for range 3 {
		f.add(authentic())
	}
	b.until(rowCount + ` === 4 && document.querySelector("#total").textContent === "4" && document.querySelector("#failed").textContent === "3"`)
	assert.Equal(t, "4,3,2,1", b.eval(`[...document.querySelectorAll("#rows li")].map(row => row.dataset.id)`))
	b.until(`/new deliver/.test(document.querySelector("#said").textContent)`)
	b.until(`document.querySelector("#chart").innerText.includes("Last hour: 4 received")`)
}

// More come at once than fit in an answer: the list has no hole.
func TestTheListOfMany(t *testing.T) {
	f := start(t)
	b := openTab(t, f)
	for range 300 {
		f.add(authentic())
	}
	b.until(`document.querySelector("#rows li")?.dataset.id === "300"`)
	assert.Equal(t, "true", b.eval(`[...document.querySelectorAll("#rows li")].every((row, i) => Number(row.dataset.id) === 300 - i)`))
	assert.Equal(t, "false", b.eval(`document.querySelector("#older").hidden`))
}

func TestTheListDoesNotJump(t *testing.T) {
	f := start(t)
	for range 60 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.until(`document.querySelector("#live").textContent === "live"`)
	b.eval(`scrollTo(0, 400)`)
	for range 3 {
		f.add(authentic())
	}
	b.until(`document.querySelector("#new").textContent === "3 new"`)
	assert.Equal(t, "50", b.eval(rowCount))
	assert.Equal(t, "400", b.eval(`scrollY`))
	b.run(chromedp.Click(chromedp.CSS("#new")))
	b.until(`document.querySelector("#rows li").dataset.id === "63" && scrollY === 0`)
	assert.Equal(t, "true", b.eval(`document.querySelector("#new").hidden`))

	b.visit("/?country=FR")
	b.until(`document.querySelector("#live").textContent === "live"`)
	other := authentic()
	other.Country = "DE"
	f.add(other)
	f.add(authentic())
	b.until(`document.querySelector("#new").textContent === "1 new"`)
}

func TestFiltersInABrowser(t *testing.T) {
	f := start(t)
	f.answer(f.add(authentic()), 204)
	f.answer(f.add(mismatch()), 401)
	b := openTab(t, f)
	b.run(chromedp.SetValue(chromedp.CSS("select[name=verdict]"), "refused"), chromedp.Click(chromedp.CSS(".filter button")))
	b.until(`location.search.includes("verdict=refused") && document.querySelector(".matching")`)
	assert.Equal(t, "2", b.eval(`[...document.querySelectorAll("#rows li")].map(row => row.dataset.id)`))
	assert.Equal(t, "refused", b.eval(`document.querySelector("select[name=verdict]").value`))
	b.run(chromedp.Click(chromedp.CSS(".matching a")))
	b.until(`!location.search && document.querySelectorAll("#rows li").length === 2`)
}

func TestAMismatchInABrowser(t *testing.T) {
	f := start(t)
	f.add(mismatch())
	b := openTab(t, f)
	b.run(chromedp.Click(chromedp.CSS("#rows a")))
	b.until(`document.querySelector("#pane .why mark")`)
	text := b.eval(`document.querySelector("#pane .why").innerText`)
	for _, part := range []string{"Why the signature does not match", "Found", "Why", "Fix", "2 bytes are equal"} {
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
	b.run(chromedp.SetValue(chromedp.CSS("#pane input[name=url]"), "http://app.test/again"), chromedp.Click(chromedp.CSS("#pane .replay .main")))
	b.until(`document.querySelector("#pane .answer").innerText.includes("Accepted")`)
	assert.Equal(t, []replayed{{1, "http://app.test/again"}}, f.replayed())
	assert.Contains(t, b.eval(`document.querySelector("#pane .answer").innerText`), "replayed <b>well</b>")
	assert.Equal(t, "http://app.test/again", b.eval(`document.querySelector("#pane input[name=url]").value`))
	b.until(`document.querySelector("#rows .pill:nth-of-type(3)").textContent === "202"`)
	b.until(`document.querySelector("#said").textContent.includes("202")`)
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
	b.run(chromedp.WaitVisible(chromedp.CSS(".answer .outcome")))
	assert.Equal(t, []replayed{{1, target}}, f.replayed())
	address, err := chromedp.Run(b.ctx, chromedp.Location())
	require.NoError(t, err)
	assert.Equal(t, f.server.URL+"/deliveries/1", address)
}

func TestAScriptInADeliveryDoesNotRun(t *testing.T) {
	f := start(t)
	const evil = `"'></pre></template><script>window.pwned=1;alert(1)</script><img src=x onerror="window.pwned=1"><svg onload=alert(1)>`
	d := delivery([]byte(strings.Repeat(evil, 20)), evil)
	d.Verdict, d.Problem, d.Code, d.Country, d.Path = store.Refused, evil, evil, evil, evil
	d.Answer = store.Answer{At: time.Now(), Error: evil, Body: []byte(evil)}
	b := openTab(t, f)
	f.add(d)
	b.until(rowCount + ` === 1`)
	b.run(chromedp.Click(chromedp.CSS("#rows a")))
	b.until(`document.querySelector("#pane pre.raw")`)
	assert.Contains(t, b.eval(`document.querySelector("#pane .raw").textContent`), evil)
	b.visit("/deliveries/1")
	assert.Equal(t, "undefined", b.eval("typeof window.pwned"))
	b.visit("/?open=1")
	assert.Equal(t, "undefined", b.eval("typeof window.pwned"))
	assert.Equal(t, "0", b.eval(`document.querySelectorAll("img, .delivery script, li script, .delivery svg").length`))
}

// Another site that knows even the token of the page's forms gets nothing in and nothing out.
func TestForgedRequestsFromABrowser(t *testing.T) {
	f := start(t)
	f.add(authentic())
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<link rel="icon" href="data:,"><form method="post"><input name="csrf"><input name="url" value="http://evil.test/"></form>`)
	}))
	defer evil.Close()
	token := f.csrf("1")
	b := openTab(t, f)
	for _, site := range []string{evil.URL, strings.Replace(evil.URL, "127.0.0.1", "localhost", 1)} { // another port is the same site
		b.run(chromedp.Navigate(site))
		result, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](fmt.Sprintf(`(async () => {
			const body = new URLSearchParams({csrf: %[2]q, url: "http://evil.test/"});
			await fetch("%[1]s/deliveries/1/replay", {method: "POST", mode: "no-cors", credentials: "include", body}).catch(() => {});
			const script = await new Promise(done => {
				const element = document.body.appendChild(document.createElement("script"));
				element.onload = () => done("loaded");
				element.onerror = () => done("refused");
				element.src = "%[1]s/rows";
			});
			return script + " " + await fetch("%[1]s/rows").then(r => "read " + r.status, () => "refused");
		})()`, f.server.URL, token), chromedp.EvalAwaitPromise))
		require.NoError(t, err)
		assert.Equal(t, "refused refused", result, site)
		b.eval(fmt.Sprintf(`(form => { form.action = "%s/deliveries/1/replay"; form.csrf.value = %q; form.submit(); })(document.forms[0])`, f.server.URL, token))
		b.until(`document.body.innerText.includes("Another site asked for this")`)
	}
	assert.Empty(t, f.replayed())
	b.forgive() // the refusals

	name := strings.Replace(f.server.URL, "127.0.0.1", "localhost", 1) // it leads to the page, but is none of its names
	response, err := chromedp.Run(b.ctx, chromedp.NavigateResponse(name))
	require.NoError(t, err)
	assert.EqualValues(t, http.StatusMisdirectedRequest, response.Status)
	b.forgive()
}

func TestKeyboardOnly(t *testing.T) {
	f := start(t)
	for range 3 {
		f.add(authentic())
	}
	b := openTab(t, f)
	focus := func(want string) {
		t.Helper()
		b.until(fmt.Sprintf(`document.activeElement.closest("li")?.dataset.id === %q`, want))
	}
	b.press("j")
	focus("3")
	b.press("j", kb.ArrowDown, "j")
	focus("1")
	b.press("k")
	focus("2")
	assert.NotEqual(t, "none", b.eval(`getComputedStyle(document.activeElement).outlineStyle`), "the focus can be seen")

	b.press(kb.Enter)
	b.until(`document.activeElement.id === "pane" && document.querySelector("#pane .delivery").dataset.id === "2"`)
	b.press("r")
	b.until(`document.querySelector("#pane .answer").innerText.includes("Accepted")`)
	assert.Equal(t, []replayed{{2, target}}, f.replayed())
	b.press("j")
	focus("1")
	b.press(kb.Escape)
	b.until(`document.querySelector("#pane").hidden`)
	focus("2")

	b.slash()
	b.until(`document.activeElement.name === "code"`)
	b.press("j", "?")
	assert.Equal(t, "j?", b.eval(`document.activeElement.value`), "in a field, keys are text")
	b.press(kb.Escape, "?")
	b.until(`document.querySelector("#keys").open`)
	b.press(kb.Escape)
	b.until(`!document.querySelector("#keys").open`)
}

// Everything is reached by Tab, in the order in which it is seen, and back out of it.
func TestTab(t *testing.T) {
	f := start(t)
	for range 2 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.visit("/?open=2")
	b.until(`!document.querySelector("#help").hidden && !document.querySelector("[data-copy]").hidden`)
	var seen []string
	for range 25 {
		b.press(kb.Tab)
		seen = append(seen, b.eval(`(e => e.name || e.id || e.ariaLabel || e.innerText.split("\n")[0])(document.activeElement)`))
	}
	all := strings.Join(seen, " | ")
	assert.Contains(t, all, "help | verdict | status | code | country | Filter | #2 | #1 | Close | url | Replay | Copy as curl | curl |")
	assert.Contains(t, all, "Body, pretty-printed")
	assert.Contains(t, all, "Headers")
}

func TestTenThousandDeliveries(t *testing.T) {
	const n = 10_000
	f := start(t)
	all := make([]*store.Delivery, n)
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)
	done := make(chan error)
	for i := range all {
		d := authenticBody(body)
		all[i] = &d
	}
	const workers = 50
	for w := range workers {
		go func() {
			var err error
			for i := w; i < n && err == nil; i += workers {
				err = f.store.Add(t.Context(), all[i])
			}
			done <- err
		}()
	}
	for range workers {
		require.NoError(t, <-done)
	}
	b := openTab(t, f)
	assert.Equal(t, "10000", b.eval(`document.querySelector("#total").textContent`))
	assert.Equal(t, "50", b.eval(rowCount))
	began := time.Now()
	for i := 2; i <= 12; i++ {
		b.eval(`document.querySelector("#older").click()`)
		b.until(fmt.Sprintf(`document.querySelector("#rows li:last-child").dataset.id === "%d"`, n-50*i+1))
	}
	assert.Less(t, time.Since(began), 20*time.Second)
	assert.Equal(t, "500", b.eval(rowCount), "the page does not grow for ever")
	f.add(authentic())
	b.until(`!document.querySelector("#new").hidden`)
	b.eval(`document.querySelector("#new").click()`)
	b.until(`document.querySelector("#rows li").dataset.id === "10001"`)
	assert.Equal(t, "50", b.eval(rowCount))
}

func TestDarkAndLight(t *testing.T) {
	b := openTab(t, start(t))
	const ground = `getComputedStyle(document.documentElement).backgroundColor`
	b.emulate("light")
	assert.Equal(t, "rgb(250, 250, 248)", b.eval(ground))
	b.emulate("dark")
	assert.Equal(t, "rgb(16, 18, 20)", b.eval(ground))
}

func TestAPhone(t *testing.T) {
	f := start(t, func(c *page.Config) { c.Target = "http://app.test/" + strings.Repeat("long", 50) })
	d := mismatch()
	d.Problem, d.Code, d.Country = strings.Repeat("problem", 30), strings.Repeat("c", 300), "Somewhere"
	d.Header["X-Long"] = []string{strings.Repeat("x", 3000)}
	d.Path = "/" + strings.Repeat("p", 400)
	f.add(d)
	f.add(authenticBody([]byte(strings.Repeat("y", 5000))))
	f.answer(f.add(authentic()), 204)
	b := openTab(t, f)
	for _, width := range []int64{360, 390, 700, 1024, 1280} {
		b.run(chromedp.EmulateViewport(width, 800))
		for _, path := range []string{"/", "/?country=XX", "/?open=1", "/deliveries/1", "/deliveries/2", "/deliveries/3"} {
			b.visit(path)
			b.eval(`document.querySelectorAll("details").forEach(d => { d.open = true; })`)
			assert.Equal(t, "true", b.eval(`document.documentElement.scrollWidth <= innerWidth`), "%s at %d", path, width)
		}
	}
	b.run(chromedp.EmulateViewport(360, 800, chromedp.EmulateMobile))
	b.visit("/")
	b.run(chromedp.Click(chromedp.CSS("#rows a")), chromedp.WaitVisible(chromedp.CSS(".alone .delivery")))
	assert.Equal(t, "/deliveries/3", b.eval(`location.pathname`), "a page of its own: there is no room beside the list")
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

func TestTheTokenInABrowser(t *testing.T) {
	const token = "let-me-in"
	f := start(t, withToken(token))
	f.add(authentic())
	b := openTab(t, f)
	assert.Contains(t, b.eval(`document.body.innerText`), "This page needs its token")
	b.forgive()
	b.visit("/?token=" + url.QueryEscape(token))
	b.until(`document.querySelector("#live")?.textContent === "live"`)
	assert.Equal(t, f.server.URL+"/", b.eval(`location.href`))
	assert.Empty(t, b.eval(`document.cookie`), "no script reads it")
	assert.NotContains(t, b.eval(`document.documentElement.outerHTML`), token)
}
