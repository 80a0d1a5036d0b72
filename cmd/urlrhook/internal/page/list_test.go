package page_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
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
	has(t, text, "<title>2026-05-04 10:30:00 UTC: 3 received, 1 refused</title>")
	has(t, text, `role="img" aria-labelledby="chart-text"`)
	has(t, text, `<span class="most" aria-hidden="true">3</span>`)
	has(t, text, `<rect class="good" x="591" y="38" width="8" height="62"/>`)
	has(t, text, `<rect class="bad" x="591" y="5" width="8" height="31"/>`, "with a gap between them")
	assert.Equal(t, 3, strings.Count(text, "<g>"), "a bar for each minute that has deliveries")
}
