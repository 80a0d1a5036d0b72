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
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

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

// Another site can neither write nor read, even with the token of the page's forms.
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
	b.expect("") // refusals of many kinds
	for _, site := range []string{evil.URL,
		strings.Replace(evil.URL, "127.0.0.1", "localhost", 1)} { // another port is the same site
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
		b.until(`document.body.innerText.includes("Another site made this request")`)
	}
	assert.Empty(t, f.replayed())

	name := strings.Replace(f.server.URL, "127.0.0.1", "localhost", 1) // it leads to the page, but is none of its names
	response, err := chromedp.Run(b.ctx, chromedp.NavigateResponse(name))
	require.NoError(t, err)
	assert.EqualValues(t, http.StatusMisdirectedRequest, response.Status)
}

func TestTheTokenInABrowser(t *testing.T) {
	const token = "let-me-in"
	f := start(t, withToken(token))
	f.add(authentic())
	b := openTab(t, f)
	b.expect(`status of 401|favicon\.ico`) // that page has no icon
	assert.Contains(t, b.eval(`document.body.innerText`), "This page needs its token")
	b.visit("/?token=" + url.QueryEscape(token))
	b.until(`document.querySelector("#live")?.textContent === "live"`)
	assert.Equal(t, f.server.URL+"/", b.eval(`location.href`))
	assert.Empty(t, b.eval(`document.cookie`), "no script reads it")
	assert.NotContains(t, b.eval(`document.documentElement.outerHTML`), token)
}
