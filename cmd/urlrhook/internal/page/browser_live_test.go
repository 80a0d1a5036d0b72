package page_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

const (
	isLive = `document.querySelector("#live")?.textContent === "live"`
	rowIDs = `[...document.querySelectorAll("#rows li")].map(row => row.dataset.id).join()`
)

// row is an expression for the row of a delivery, or undefined.
func row(id int64) string { return fmt.Sprintf(`document.querySelector('#rows li[data-id="%d"]')`, id) }

func status(id int64) string { return row(id) + `.querySelector(".pill:nth-of-type(3)").textContent` }

func (b *tab) loadOlder(oldest int64) {
	b.t.Helper()
	b.eval(`document.querySelector("#older").click()`)
	b.until(row(oldest))
}

// Late answers and replays from the terminal update rows far down the list.
func TestAnswersOfOlderDeliveries(t *testing.T) {
	f := start(t)
	for range 120 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.visit("/?open=40")
	b.until(isLive)
	b.loadOlder(21)
	b.loadOlder(1)
	f.answer(1, 500)
	b.until(status(1) + ` === "500"`)
	f.again(1, 204)
	b.until(row(1) + `.querySelector(".again")?.textContent === "replayed: 204"`)
	f.answer(40, 500)
	b.until(`document.querySelector("#pane .outcome").innerText.includes("500")`)
	f.again(40, 204)
	b.until(`document.querySelector("#pane .replays .outcome")?.innerText.includes("204")`)
	assert.Equal(t, "waiting", b.eval(status(2)))

	b.visit("/?open=3") // its row is not in the list
	b.until(isLive)
	f.answer(3, 204)
	b.until(`document.querySelector("#pane .outcome")?.innerText.includes("204")`)
}

// A row that no longer matches leaves the list, unless a person is looking at it.
func TestRowsLeaveAFilteredList(t *testing.T) {
	f := start(t)
	for range 3 {
		f.answer(f.add(authentic()), 500)
	}
	b := openTab(t, f)
	b.visit("/?status=failed&open=2")
	b.until(isLive)
	for id := range int64(3) {
		f.again(id+1, 204)
	}
	b.until(rowIDs + ` === "2" && ` + row(2) + `.querySelector(".again")`)
	b.until(`document.querySelector("#matching").textContent === "0"`)
}

// When most rows no longer match, older deliveries replace them.
func TestAFilteredListFillsUp(t *testing.T) {
	f := start(t)
	for range 120 {
		f.answer(f.add(authentic()), 500)
	}
	b := openTab(t, f)
	b.visit("/?status=failed")
	b.until(isLive)
	for id := range int64(50) {
		f.again(120-id, 204)
	}
	b.until(`document.querySelectorAll("#rows li").length >= 50 && document.querySelector("#rows li").dataset.id === "70"`)
	b.until(`document.querySelector("#matching").textContent === "70"`)
}

// A double click loads older deliveries once.
func TestOlderDeliveriesAreLoadedOnce(t *testing.T) {
	f := start(t)
	for range 120 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.until(isLive)
	b.eval(`document.querySelector("#older").click(), document.querySelector("#older").click()`)
	b.until(`document.querySelectorAll("#rows li").length === 100`)
	b.loadOlder(1)
	assert.Equal(t, "120", b.eval(`new Set([...document.querySelectorAll("#rows li")].map(row => row.dataset.id)).size`))
	assert.Equal(t, "120", b.eval(`document.querySelectorAll("#rows li").length`))
}

func TestABurstLeavesTheFocusAlone(t *testing.T) {
	f := start(t)
	for range 3 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.until(isLive)
	b.press("j", "j")
	for range 60 {
		f.add(authentic())
	}
	b.until(`document.querySelector("#new").textContent === "50 or more new"`)
	assert.Equal(t, "2", b.eval(`document.activeElement.closest("li")?.dataset.id`))
	assert.Equal(t, "3,2,1", b.eval(rowIDs))
	b.eval(`document.activeElement.blur()`)
	f.add(authentic())
	b.until(row(64) + `&& document.querySelector("#new").hidden`)
}

func TestWhatAScreenReaderHears(t *testing.T) {
	f := start(t)
	for range 60 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.until(isLive)
	b.eval(`window.heard = []`)
	b.eval(`new MutationObserver(() => heard.push(document.querySelector("#said").textContent)).observe(document.querySelector("#said"), {childList: true})`)
	b.eval(`scrollTo(0, 400)`)
	for range 3 {
		f.add(authentic())
	}
	b.until(`heard.at(-1) === "3 new deliveries"`)
	f.add(authentic())
	b.until(`heard.at(-1) === "1 new delivery"`)
	assert.Equal(t, "4 new", b.eval(`document.querySelector("#new").textContent`), "they are still not in the list")
}

func TestTheNewestCanBeReached(t *testing.T) {
	f := start(t)
	for range 600 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.until(isLive + ` && document.querySelector("#newest").hidden`)
	for id := int64(501); id > 50; id -= 50 {
		b.loadOlder(id)
	}
	b.until(`!document.querySelector("#newest").hidden`)
	assert.Equal(t, "true", b.eval(`document.querySelector("#new").hidden`), "nothing is new")
	b.eval(`document.querySelector("#newest").click()`)
	b.until(row(600) + ` && document.querySelector("#newest").hidden`)
	f.add(authentic())
	b.until(`document.querySelector("#new").textContent === "1 new"`) // the newest row has the focus
}

// The page survives a new listener at the same address, with another database and other tokens.
func TestAnotherProcess(t *testing.T) {
	f := start(t)
	for range 5 {
		f.answer(f.add(authentic()), 204)
	}
	b := openTab(t, f)
	b.expect("") // the connection breaks
	b.visit("/?open=2")
	b.until(isLive)
	f.restart(authentic(), authentic())
	b.until(rowIDs + ` === "2,1" && document.querySelector("#total").textContent === "2" && ` + isLive)
	assert.Contains(t, b.eval(`document.querySelector("#pane .answer").innerText`), "None yet.")
	b.run(chromedp.Click(chromedp.CSS("#pane .replay .main")))
	b.until(`document.querySelector("#pane .replays")?.innerText.includes("Accepted")`)
	assert.Equal(t, []replayed{{ID: 2, URL: target}}, f.replayed())
}
