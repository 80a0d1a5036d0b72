package page_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

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
	has(t, f.get("/?status=failed").text, `<span id="matching">2</span> match`)
	has(t, f.get("/?code=none").text, "No delivery matches")
	has(t, f.get("/?code=%22%3E%3Cb%3E").text, `value="&#34;&gt;&lt;b&gt;"`)
}

func TestAnEmptyListSaysHowToBegin(t *testing.T) {
	f := start(t, func(c *page.Config) { c.Receive = "http://localhost:9999/" })
	has(t, f.get("/").text, "urlrhook send --to http://localhost:9999/<")
}

// The top of the page says what this listener does.
func TestTheStrip(t *testing.T) {
	text := start(t).get("/").text
	for _, part := range []string{"http://127.0.0.1:8787/", "http://127.0.0.1:9/app?a=b&amp;c",
		"/home/me/deliveries.db", "<dd>set</dd>"} {
		has(t, text, part)
	}
	lacks(t, text, "nothing is verified")
	text = start(t, func(c *page.Config) { c.Secrets, c.Target = nil, "" }).get("/").text
	has(t, text, `<b class="alarm">nothing is verified</b>`)
	has(t, text, "nowhere: answered here")
}

// The top of the page links to accepted forgeries. "0 failed" is not a link.
func TestTheAlarm(t *testing.T) {
	f := start(t)
	f.answer(f.add(authentic()), 204)
	text := f.get("/").text
	has(t, text, `href="/?status=accepted" hidden>`)
	has(t, text, `<a id="failed-link" data-href="/?status=failed"><b id="failed">0</b>`)
	noEvent := authentic()
	noEvent.Verdict, noEvent.Problem = store.Refused, "urlr: malformed event: it has no type"
	f.answer(f.add(noEvent), 204)
	f.answer(f.add(mismatch()), 204)
	f.answer(f.add(mismatch()), 401)
	text = f.get("/").text
	has(t, text, `href="/?status=accepted"><b id="accepted">1</b> forged but accepted`)
	has(t, text, `href="/?status=failed"><b id="failed">1</b>`)
	assert.Equal(t, 1, strings.Count(f.get("/?status=accepted").text, "<li data-id"))
	row := f.get("/rows?before=3&after=1").text
	has(t, row, `<span class="pill warn">no event</span>`, "it is authentic")
	lacks(t, row, "accepted this")
	lacks(t, f.get("/deliveries/2").text, "not authentic")
}

// Each row says whose click it was, and why it went wrong.
func TestRowsSayWhatDistinguishesThem(t *testing.T) {
	f := start(t)
	d := authentic()
	d.Label, d.City = "Spring <b>", "Créhen"
	id := f.add(d)
	has(t, f.get("/rows").text, `<span class="label">Spring &lt;b&gt;</span>`)
	has(t, f.get("/rows").text, "Créhen, FR")
	f.answer(id, 404)
	has(t, f.get("/rows").text, "Not Found</bdi>")
	for status, want := range map[int]string{500: "Internal Server Error", 302: "redirect: URLR may not follow it",
		599: "unknown status"} {
		f.answer(f.add(authentic()), status)
		has(t, f.get("/rows").text, want+"</bdi>")
	}
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
	has(t, text, `Last hour: 5 received, <span class="key good">4 authentic</span>, <span class="key bad">1 refused</span>.`)
	has(t, text, "At most 3 a minute, at <time datetime=\"2026-05-04T10:30:00Z\" data-minute>2026-05-04 10:30:00 UTC</time>.")
	has(t, text, `<title data-time="2026-05-04T10:30:00Z" data-text=": 3 received, 1 refused">2026-05-04 10:30:00 UTC: 3 received, 1 refused</title>`)
	has(t, text, `role="img" aria-labelledby="chart-text"`)
	has(t, text, `<ol class="scale" aria-hidden="true"><li>1</li><li>3</li></ol>`)
	has(t, text, `<rect class="good" x="591" y="38" width="8" height="62"/>`)
	has(t, text, `<rect class="bad" x="591" y="5" width="8" height="31"/>`, "with a gap between them")
	assert.Equal(t, 3, strings.Count(text, "<g>"), "a bar for each minute that has deliveries")
}

// 10 is visible beside 12,000, and each kind has a color and a minimum height.
func TestTheChartIsLogarithmic(t *testing.T) {
	f := start(t)
	add := func(n int, d store.Delivery) {
		for range n {
			f.add(d)
		}
	}
	few, many, unchecked := authentic(), authentic(), authentic()
	few.Received = time.Now().Add(-10 * time.Minute)
	many.Received = time.Now().Add(-5 * time.Minute)
	unchecked.Received, unchecked.Verdict = many.Received, store.Unchecked
	add(10, few)
	add(1000, many)
	add(1, unchecked)
	heights := regexp.MustCompile(`<rect class="(\w+)" .* height="(\d+)"/>`).FindAllStringSubmatch(f.get("/chart").text, -1)
	var got []string
	for _, h := range heights {
		got = append(got, h[1]+" "+h[2])
	}
	assert.Equal(t, []string{"good 32", "good 93", "idle 6"}, got)
}

// A row may cut a long label. Its title and the delivery have all of it.
func TestALongLabelCanBeRead(t *testing.T) {
	f := start(t)
	d := authentic()
	d.Label = strings.Repeat("a long label ", 20)
	f.add(d)
	has(t, f.get("/rows").text, `title="yBPhx `+strings.TrimSpace(d.Label)+`"`)
	has(t, f.get("/deliveries/1").text, `<bdi class="label">`+d.Label+`</bdi>`)
}
