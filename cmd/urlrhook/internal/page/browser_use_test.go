package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
)

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
	b.until(`document.querySelector("#pane .replays")?.innerText.includes("Accepted")`)
	assert.Equal(t, []replayed{{ID: 2, URL: target}}, f.replayed())
	b.press("j")
	focus("1")
	b.press("r")
	b.press(kb.Escape)
	b.until(`document.querySelector("#pane").hidden`)
	assert.Len(t, f.replayed(), 1, "outside of the delivery, r sends nothing")
	focus("1")

	b.slash()
	b.until(`document.activeElement.name === "q"`)
	b.press("j", "?")
	assert.Equal(t, "j?", b.eval(`document.activeElement.value`), "in a field, keys are text")
	b.press(kb.Escape, "?")
	b.until(`document.querySelector("#keys").open`)
	b.run(chromedp.Click(chromedp.CSS("#single-keys")))
	b.press(kb.Escape)
	b.until(`!document.querySelector("#keys").open`)

	b.visit("/?open=3") // the choice is kept
	b.until(isLive)
	b.press("?", "j", kb.ArrowDown)
	focus("2")
	b.eval(`document.querySelector("#pane").focus()`)
	b.press("r", kb.Escape)
	b.until(`document.querySelector("#pane").hidden && !document.querySelector("#keys").open`)
	assert.Len(t, f.replayed(), 1)
}

// Tab reaches everything, in visual order.
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
	assert.Contains(t, all, "help | verdict | status | q | code | country | #2 | #1 | Close | url | Replay | Copy as curl | Copy body | Copy signature | edit | curl |")
	assert.Contains(t, all, "Body, pretty-printed")
	assert.Contains(t, all, "Headers")
}

// A screen reader says what the columns are.
func TestTheNameOfARow(t *testing.T) {
	f := start(t)
	f.answer(f.add(authentic()), 204)
	b := openTab(t, f)
	tree, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	require.NoError(t, err)
	var names []string
	for _, node := range tree.Nodes {
		if node.Name != nil {
			names = append(names, strings.Trim(string(node.Name.Value), `"`))
		}
	}
	all := strings.Join(names, "\n")
	assert.Regexp(t, `(?m)^#1 [0-9:]+ authentic answer 204 in 3.2 ms link yBPhx from FR$`, all)
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
	for _, width := range []int64{360, 700, 1280} {
		b.run(chromedp.EmulateViewport(width, 800))
		for _, path := range []string{"/", "/?country=XX", "/?open=1", "/deliveries/1", "/deliveries/2",
			"/deliveries/3"} {
			b.visit(path)
			b.eval(`document.querySelectorAll("details").forEach(d => { d.open = true; })`)
			assert.Equal(t, "true", b.eval(`document.documentElement.scrollWidth <= innerWidth`), "%s at %d", path,
				width)
		}
	}
}

// On a phone a delivery replaces the list, which then returns to its place.
func TestAPhoneKeepsItsPlaceInTheList(t *testing.T) {
	f := start(t)
	for range 160 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.run(chromedp.EmulateViewport(360, 800, chromedp.EmulateMobile))
	b.visit("/")
	b.until(isLive)
	b.loadOlder(61)
	b.loadOlder(11)
	const isOpen = `!document.querySelector("#pane").hidden && !document.querySelector("#list").offsetHeight && scrollY === 0`
	const isShut = `document.querySelector("#pane").hidden && Math.abs(scrollY - window.place) < 2`
	b.eval(row(40) + `.scrollIntoView()`)
	b.eval(`window.place = scrollY`)
	b.run(chromedp.Click(chromedp.CSS(`li[data-id="40"] a`)))
	b.until(isOpen)
	assert.Equal(t, "?open=40", b.eval(`location.search`))
	b.eval(`history.back()`)
	b.until(isShut)
	b.eval(`history.forward()`)
	b.until(isOpen)
	b.run(chromedp.Click(chromedp.CSS(`[data-close]`)))
	b.until(isShut + ` && !location.search`)
	assert.Equal(t, "150", b.eval(rowCount))

	b.visit("/?open=40")
	b.until(isOpen)
	b.run(chromedp.Click(chromedp.CSS(`[data-close]`)))
	b.until(`document.querySelector("#pane").hidden && document.querySelector("#list").offsetHeight && !location.search`)
}

// With a delivery open, j and k open the next one, and the focus stays in the list.
func TestKeysMoveTheOpenDelivery(t *testing.T) {
	f := start(t)
	for range 60 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.visit("/?open=20")
	b.until(isLive)
	assert.Equal(t, "true", b.eval(`(r => r.top >= 0 && r.bottom <= innerHeight)(`+row(20)+`.getBoundingClientRect())`), "it is scrolled to")
	b.press("j")
	b.until(`document.querySelector("#pane .delivery").dataset.id === "19" && location.search === "?open=19"`)
	assert.Equal(t, "19", b.eval(`document.activeElement.closest("li").dataset.id`))
	b.press("k", "k")
	b.until(`document.querySelector("#pane .delivery").dataset.id === "21"`)
	b.press(kb.Escape, "j")
	b.until(`document.querySelector("#pane").hidden`)
}

// Escape while the next delivery is still loading closes the open one. The focus stays where j has
// put it, and the late answer opens nothing.
func TestEscapeBeforeTheNextDeliveryArrives(t *testing.T) {
	const focused, isShut = `document.activeElement.closest("li")?.dataset.id`, `document.querySelector("#pane").hidden`
	f := start(t)
	for range 3 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.visit("/?open=2")
	b.until(isLive)
	arrived, release := f.hold("/deliveries/1")
	b.press("j")
	b.receive(arrived)
	require.Equal(t, "1", b.eval(focused))
	b.press(kb.Escape)
	assert.Equal(t, "true", b.eval(isShut))
	assert.Equal(t, "1", b.eval(focused))

	release()
	b.untilAnswered("/deliveries/1")
	assert.Equal(t, "true", b.eval(isShut))
	assert.Equal(t, "1", b.eval(focused))
}

// Headings and notices stay visible and cover no row.
func TestHeadingsStick(t *testing.T) {
	f := start(t)
	for range 60 {
		f.add(authentic())
	}
	b := openTab(t, f)
	b.until(isLive)
	b.eval(`scrollTo(0, 900)`)
	b.frames()
	assert.Equal(t, "0", b.eval(`Math.round(document.querySelector(".head").getBoundingClientRect().top)`))
	f.add(authentic())
	b.until(`!document.querySelector("#new").hidden`)
	assert.Equal(t, "true", b.eval(`document.querySelector(".head").contains(document.querySelector("#new"))`))
	assert.Equal(t, "true", b.eval(`document.querySelector("#new").getBoundingClientRect().bottom <= document.querySelector(".columns").getBoundingClientRect().top`))
}

// While the server is unreachable, the page says so above the list.
func TestTheServerIsGone(t *testing.T) {
	f := start(t)
	f.add(authentic())
	b := openTab(t, f)
	b.until(isLive)
	assert.Equal(t, "true", b.eval(`document.querySelector("#gone").hidden`))
	b.expect("ERR_|Failed to load|net::")
	_, release := f.hold("/events")
	f.server.CloseClientConnections()
	b.until(`!document.querySelector("#gone").hidden`)
	release()
	b.until(isLive + ` && document.querySelector("#gone").hidden`)
}

func TestCopyBodyAndSignature(t *testing.T) {
	f := start(t)
	d := authentic()
	f.add(d)
	f.add(delivery([]byte("\x00"), "aa"))
	b := openTab(t, f)
	b.visit("/?open=1")
	b.eval(`Object.defineProperty(navigator, "clipboard", {value: {writeText: async text => { window.copied = text; }}})`)
	b.until(`document.querySelector("button[data-text]:not([hidden])")`)
	b.eval(`document.querySelectorAll("button[data-text]")[0].click()`)
	b.until(`window.copied === document.querySelector("button[data-text]").dataset.text`)
	assert.Equal(t, string(d.Body), b.eval(`window.copied`))
	b.eval(`document.querySelectorAll("button[data-text]")[1].click()`)
	b.until(`window.copied.length === 64`)
	assert.Equal(t, d.Signature(), b.eval(`window.copied`))
	b.visit("/?open=2")
	assert.Equal(t, "1", b.eval(`document.querySelectorAll("button[data-text]").length`),
		"no clipboard keeps a NUL byte")
}
