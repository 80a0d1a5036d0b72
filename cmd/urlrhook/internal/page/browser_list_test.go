package page_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const rowCount = `document.querySelectorAll("#rows li").length`

func TestTheListGrowsLive(t *testing.T) {
	f := start(t)
	b := openTab(t, f)
	b.until(`document.querySelector("#live").textContent === "live"`)
	assert.Contains(t, b.eval(`document.querySelector(".empty:not([hidden])").innerText`), "urlrhook send --to")

	first := f.add(authentic())
	b.until(rowCount + ` === 1`)
	b.until(`document.querySelector("#rows .pill:nth-of-type(3)").textContent === "waiting"`)
	assert.Equal(t, "none", b.eval(`getComputedStyle(document.querySelector(".empty:not([hidden])")).display`))

	f.answer(first, 204)
	b.until(`document.querySelector("#rows .pill:nth-of-type(3)").textContent === "204"`)
	for range 3 {
		f.add(authentic())
	}
	b.until(rowCount + ` === 4 && document.querySelector("#total").textContent === "4"` +
		` && document.querySelector("#failed").textContent === "3"`)
	assert.Equal(t, "4,3,2,1", b.eval(`[...document.querySelectorAll("#rows li")].map(row => row.dataset.id)`))
	b.until(`/new deliver/.test(document.querySelector("#said").textContent)`)
	b.until(`document.querySelector("#chart").innerText.includes("Last hour: 4 received")`)
}

// A burst larger than a page of rows leaves no gap in the list.
func TestTheListOfMany(t *testing.T) {
	f := start(t)
	b := openTab(t, f)
	for range 300 {
		f.add(authentic())
	}
	b.until(`document.querySelector("#rows li")?.dataset.id === "300"`)
	assert.Equal(t, "true", b.eval(
		`[...document.querySelectorAll("#rows li")].every((row, i) => Number(row.dataset.id) === 300 - i)`))
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

	b.visit("/?before=50")
	b.until(`document.querySelector("#live").textContent === "live"`)
	f.add(authentic())
	b.until(`document.querySelector("#new").textContent === "15 new"`)
}

// A filtered list grows by what matches, even if it matches only after its answer.
func TestFilteredListGrows(t *testing.T) {
	const ids = `[...document.querySelectorAll("#rows li")].map(row => row.dataset.id).join()`
	f := start(t)
	b := openTab(t, f)
	b.visit("/?status=2xx&country=FR")
	b.until(`document.querySelector("#live").textContent === "live"`)
	one, two, german := f.add(authentic()), f.add(authentic()), authentic()
	german.Country = "DE"
	f.answer(f.add(german), 204)
	f.answer(two, 204)
	b.until(ids + `=== "2"`)
	f.answer(one, 200)
	b.until(ids + `=== "2,1"`)
	assert.Equal(t, "2", b.eval(`document.querySelector("#matching").textContent`))
	f.answer(f.add(authentic()), 500)
	f.answer(f.add(authentic()), 204)
	b.until(ids + `=== "5,2,1"`)
}

func TestFiltersInABrowser(t *testing.T) {
	f := start(t)
	f.answer(f.add(authentic()), 204)
	f.answer(f.add(mismatch()), 401)
	b := openTab(t, f)
	b.choose("verdict", "refused")
	b.until(`location.search === "?verdict=refused" && ` + rowIDs + ` === "2"`)
	b.until(`!document.querySelector("#filtered").hidden && document.querySelector("#matching").textContent === "1"`)
	b.run(chromedp.Reload())
	b.until(isLive)
	assert.Equal(t, "refused", b.eval(`document.querySelector("select[name=verdict]").value`))
	assert.Equal(t, "2", b.eval(rowIDs))
	b.run(chromedp.Click(chromedp.CSS(".matching a")))
	b.until(`!location.search && document.querySelectorAll("#rows li").length === 2`)
}

// An answer by an earlier filter adds nothing to the list.
func TestALateAnswerByAnEarlierFilter(t *testing.T) {
	f := start(t)
	f.add(authentic())
	f.add(mismatch())
	b := openTab(t, f)
	b.until(isLive)
	arrived, release := f.hold("/rows?after=")
	f.add(authentic())
	b.receive(arrived)
	b.choose("verdict", "refused")
	b.until(rowIDs + ` === "2"`)
	release()
	b.untilAnswered("/rows?after=")
	assert.Equal(t, "2", b.eval(rowIDs))
}

// choose selects a filter's value like a person.
func (b *tab) choose(name, value string) {
	b.t.Helper()
	b.eval(fmt.Sprintf(`(s => { s.value = %q; s.dispatchEvent(new Event("input", {bubbles: true})); })`+
		`(document.querySelector("select[name=%s]"))`, value, name))
}

// The list follows what is typed, and filters new deliveries too.
func TestSearchAsOneTypes(t *testing.T) {
	f := start(t)
	e := urlrtest.NewEvent()
	e.City, e.Referer = "Créteil", "https://example.org/path"
	f.answer(f.add(authenticBody(urlrtest.Body(e, urlrtest.Latest))), 204)
	f.add(authentic())
	b := openTab(t, f)
	b.until(isLive)
	b.slash()
	b.until(`document.activeElement.name === "q"`)
	b.press("c", "r", "É", "t")
	b.until(rowIDs + ` === "1" && location.search === "?q=cr%C3%89t"`)
	b.until(`document.querySelector("#said").textContent === "1 match"`)
	b.press("x")
	b.until(rowCount + ` === 0 && getComputedStyle(document.querySelector("#none-match")).display !== "none"`)
	f.add(authentic())
	b.until(`document.querySelector("#total").textContent === "3"`)
	b.eval(`document.querySelector("[name=q]").value = ""`)
	b.choose("status", "failed")
	b.until(rowIDs + ` === "3,2"`)
	assert.Equal(t, "?status=failed", b.eval("location.search"))
	b.choose("status", "")
	b.until(rowIDs + ` === "3,2,1" && !location.search && document.querySelector("#filtered").hidden`)
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
		b.eval(`document.querySelector("#older").scrollIntoView()`)
		b.frames()
		place := row(int64(n-50*(i-1)+1)) + `.getBoundingClientRect().top`
		b.eval(`window.place = ` + place)
		b.run(chromedp.Click(chromedp.CSS("#older")))
		b.until(fmt.Sprintf(`document.querySelector("#rows li:last-child").dataset.id === "%d"`, n-50*i+1))
		b.frames()
		assert.Equal(t, "true", b.eval(`Math.abs(`+place+` - window.place) < 2`),
			"older rows are loaded below what is read")
	}
	assert.Less(t, time.Since(began), 20*time.Second)
	assert.Equal(t, "500", b.eval(rowCount), "the page does not grow for ever")
	f.add(authentic())
	b.until(`!document.querySelector("#new").hidden`)
	b.eval(`document.querySelector("#new").click()`)
	b.until(`document.querySelector("#rows li").dataset.id === "10001"`)
	assert.Equal(t, "50", b.eval(rowCount))
}
