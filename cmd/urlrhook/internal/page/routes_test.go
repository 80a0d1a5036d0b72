package page_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

func TestRoutes(t *testing.T) {
	f := start(t)
	id := f.add(authentic())
	for path, want := range map[string]string{
		"/":                                      "text/html; charset=utf-8",
		"/rows":                                  "text/html; charset=utf-8",
		"/chart":                                 "text/html; charset=utf-8",
		fmt.Sprintf("/deliveries/%d", id):        "text/html; charset=utf-8",
		fmt.Sprintf("/deliveries/%d?pane=1", id): "text/html; charset=utf-8",
		"/style.css":                             "text/css; charset=utf-8",
		"/script.js":                             "text/javascript; charset=utf-8",
		"/icon.svg":                              "image/svg+xml",
	} {
		a := f.get(path)
		assert.Equal(t, http.StatusOK, a.StatusCode, path)
		assert.Equal(t, want, a.Header.Get("Content-Type"), path)
	}
	for _, path := range []string{"/deliveries/99", "/deliveries/x", "/templates/list.html", "/page.go", "/favicon.ico"} {
		assert.Equal(t, http.StatusNotFound, f.get(path).StatusCode, path)
	}
	assert.Equal(t, http.StatusOK, f.get("/?open=99").StatusCode, "what was open may be gone")
	assert.Equal(t, http.StatusOK, f.get("/?verdict=x&status=x&before=x&after=-1&open=x").StatusCode)
}

func TestHeaders(t *testing.T) {
	f := start(t)
	for _, a := range []answer{f.get("/"), f.get("/style.css"), f.get("/nowhere"), f.do(http.MethodGet, "/", nil, map[string]string{"Host": "evil.test"})} {
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
				"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			assert.Equal(t, want, a.Header.Get(name), "%s of %s", name, a.Request.URL)
		}
	}
}

func TestNothingIsInline(t *testing.T) {
	f := start(t)
	bad := f.add(mismatch())
	for _, path := range []string{"/", fmt.Sprintf("/deliveries/%d", bad), "/chart"} {
		text := f.get(path).text
		assert.NotRegexp(t, `(?i)<style|<script(>| [^s])|\s(on[a-z]+|style)=|javascript:`, text, path)
	}
}

func TestFilters(t *testing.T) {
	f := start(t)
	ok, failed, bad := authentic(), authentic(), mismatch()
	failed.Code, failed.Country = "other", "DE"
	bad.Country = ""
	okID, failedID, badID := f.add(ok), f.add(failed), f.add(bad)
	f.answer(okID, 204)
	f.answer(failedID, 500)
	for query, want := range map[string][]int64{
		"":                            {badID, failedID, okID},
		"verdict=refused":             {badID},
		"status=failed":               {badID, failedID},
		"status=2xx":                  {okID},
		"code=+other+":                {failedID},
		"country=fr":                  {okID},
		"verdict=authentic&code=none": nil,
		fmt.Sprintf("after=%d", okID): {badID, failedID},
		fmt.Sprintf("before=%d&after=%d", badID, okID): {failedID},
	} {
		a := f.get("/rows?" + query)
		var got []int64
		for _, part := range strings.Split(a.text, `data-id="`)[1:] {
			var id int64
			_, err := fmt.Sscanf(part, "%d", &id)
			require.NoError(t, err)
			got = append(got, id)
		}
		assert.Equal(t, want, got, query)
	}
	has(t, f.get("/?status=failed").text, "2 match")
	has(t, f.get("/?code=none").text, "No delivery matches")
	has(t, f.get("/?code=%22%3E%3Cb%3E").text, `value="&#34;&gt;&lt;b&gt;"`)
}

func TestAnEmptyListSaysHowToBegin(t *testing.T) {
	has(t, start(t).get("/").text, "urlrhook send --to http://127.0.0.1:8787/")
}

func TestPagesOfTheList(t *testing.T) {
	f := start(t)
	for range 120 {
		f.add(authentic())
	}
	first := f.get("/?country=FR").text
	assert.Equal(t, 50, strings.Count(first, "<li data-id"))
	has(t, first, `href="/?before=71&amp;country=FR"`)
	last := f.get("/?before=21").text
	assert.Equal(t, 20, strings.Count(last, "<li data-id"))
	has(t, last, `href="" hidden>Load older`)
	has(t, last, ">Newest<")
}

func TestChart(t *testing.T) {
	now := time.Date(2026, 5, 4, 10, 30, 15, 0, time.UTC)
	f := start(t, func(c *page.Config) { c.Now = func() time.Time { return now } })
	has(t, f.get("/chart").text, "Nothing received in the last hour.")
	for i, minute := range []int{0, 0, 0, 5, 59, 61} {
		d := authentic()
		if i == 0 {
			d = mismatch()
		}
		d.Received = now.Add(-time.Duration(minute) * time.Minute)
		f.add(d)
	}
	text := f.get("/chart").text
	has(t, text, `Last hour: 5 received, <span class="bad">1 refused</span>.`)
	has(t, text, "At most 3 a minute, at <time datetime=\"2026-05-04T10:30:00Z\" data-minute>2026-05-04 10:30:00 UTC</time>.")
	has(t, text, "<title>2026-05-04 10:30:00 UTC: 2 accepted, 1 refused</title>")
	has(t, text, `role="img" aria-labelledby="chart-text"`)
	assert.Equal(t, 3, strings.Count(text, "<g>"), "a bar for each minute that has deliveries")
}

func TestReplay(t *testing.T) {
	f := start(t)
	id := f.add(authentic())
	path := fmt.Sprintf("/deliveries/%d", id)
	token := f.csrf("1")
	same := map[string]string{"Origin": "http://" + f.host}

	a := f.do(http.MethodPost, path+"/replay", url.Values{"csrf": {token}, "url": {"http://app.test/hook"}}, same)
	assert.Equal(t, http.StatusSeeOther, a.StatusCode)
	assert.Equal(t, path, a.Header.Get("Location"))
	assert.Equal(t, []replayed{{id, "http://app.test/hook"}}, f.replayed())
	has(t, f.get(path).text, "replayed &lt;b&gt;well&lt;/b&gt;")

	for _, address := range []string{"", "ftp://app.test", "javascript:alert(1)", "//app.test", "http://", "file:///etc/passwd", "app.test"} {
		a = f.do(http.MethodPost, path+"/replay", url.Values{"csrf": {token}, "url": {address}}, same)
		assert.Equal(t, http.StatusBadRequest, a.StatusCode, address)
		has(t, a.text, "A replay needs an address that begins with")
	}
	a = f.do(http.MethodPost, "/deliveries/99/replay", url.Values{"csrf": {token}, "url": {target}}, same)
	assert.Equal(t, http.StatusNotFound, a.StatusCode)
	assert.Equal(t, http.StatusMethodNotAllowed, f.get(path+"/replay").StatusCode)
	assert.Len(t, f.replayed(), 1)
}

func TestAReplayThatFailsSaysWhy(t *testing.T) {
	f := start(t, func(c *page.Config) {
		c.Replay = func(context.Context, int64, string) (store.Answer, error) {
			return store.Answer{}, errors.New("only its <first> bytes")
		}
	})
	f.add(authentic())
	form := url.Values{"csrf": {f.csrf("1")}, "url": {"http://app.test/"}, "pane": {"1"}}
	a := f.do(http.MethodPost, "/deliveries/1/replay", form, map[string]string{"Sec-Fetch-Site": "same-origin"})
	assert.Equal(t, http.StatusBadGateway, a.StatusCode)
	has(t, a.text, `<p class="problem" role="alert">Not replayed: only its &lt;first&gt; bytes</p>`)
	has(t, a.text, `value="http://app.test/"`)
	lacks(t, a.text, "<!doctype")
}

// An event of the stream.
type state struct{ Latest, Total, Failed int }

// readStates gives the states of a stream until it ends.
func (f *fixture) states(ctx context.Context) <-chan state {
	t := f.t
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.server.URL+"/events", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r) //nolint:bodyclose // closed when the stream ends
	require.NoError(t, err)
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	states := make(chan state, 100)
	go func() {
		defer close(states)
		defer response.Body.Close()
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var s state
				_ = json.Unmarshal([]byte(data), &s)
				states <- s
			}
		}
	}()
	return states
}

func TestStream(t *testing.T) {
	f := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	states := f.states(ctx)
	assert.Equal(t, state{}, <-states)

	began, count := time.Now(), 0
	const n = 200
	for range n {
		f.answer(f.add(authentic()), 204)
	}
	f.answer(f.add(authentic()), 500)
	for s := range states {
		count++
		if s == (state{n + 1, n + 1, 1}) {
			break
		}
	}
	assert.LessOrEqual(t, count, int(time.Since(began)/(250*time.Millisecond))+1, "at most four a second")
	cancel()
	for range states {
	}
}

func TestStreamEndsWithTheServer(t *testing.T) {
	f := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	states := f.states(ctx)
	<-states
	require.NoError(t, f.server.Config.Shutdown(ctx))
	for range states {
	}
	assert.NoError(t, ctx.Err())
}
