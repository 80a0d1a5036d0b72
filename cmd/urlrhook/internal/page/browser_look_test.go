package page_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// contrast returns the WCAG 2 ratio of two colors, given as JavaScript expressions.
func (b *tab) contrast(one, other string) float64 {
	b.t.Helper()
	x, y := b.luminance(one), b.luminance(other)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func (b *tab) luminance(color string) float64 {
	b.t.Helper()
	var rgb [3]int
	_, err := fmt.Sscanf(b.eval(color), "rgb(%d, %d, %d)", &rgb[0], &rgb[1], &rgb[2])
	require.NoError(b.t, err, color)
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		part := float64(rgb[i]) / 255
		if part <= 0.04045 {
			sum += weight * part / 12.92
		} else {
			sum += weight * math.Pow((part+0.055)/1.055, 2.4)
		}
	}
	return sum
}

// Bars and signs have enough contrast for people who see no hues.
func TestContrast(t *testing.T) {
	f := start(t)
	f.add(authentic())
	f.add(delivery([]byte("\x00"), ""))
	bad := mismatch()
	bad.Received = time.Now()
	f.add(bad)
	b := openTab(t, f)
	b.visit("/?open=2")
	const (
		ground = `getComputedStyle(document.documentElement).backgroundColor`
		good   = `getComputedStyle(document.querySelector(".chart rect.good")).fill`
		bads   = `getComputedStyle(document.querySelector(".chart rect.bad")).fill`
		sign   = `getComputedStyle(document.querySelector(".sign"))`
		sunken = `getComputedStyle(document.querySelector("pre.raw")).backgroundColor`
	)
	for _, scheme := range []string{"light", "dark"} {
		b.emulate(scheme)
		assert.GreaterOrEqual(t, b.contrast(good, ground), 3.0, scheme)
		assert.GreaterOrEqual(t, b.contrast(bads, ground), 3.0, scheme)
		assert.GreaterOrEqual(t, b.contrast(good, bads), 3.0, scheme)
		assert.GreaterOrEqual(t, b.contrast(sign+".color", sunken), 4.5, scheme)
		assert.Equal(t, "1", b.eval(sign+".opacity"))
	}
	b.visit("/?open=1")
	for _, scheme := range []string{"light", "dark"} {
		b.emulate(scheme)
		for _, kind := range []string{"key", "string", "number", "word"} {
			token := `getComputedStyle(document.querySelector(".json-` + kind + `"))`
			ground := `getComputedStyle(document.querySelector("pre:has(.json-` + kind + `)"))`
			assert.GreaterOrEqual(t, b.contrast(token+".color", ground+".backgroundColor"), 4.5, "%s in %s", kind,
				scheme)
		}
	}
	b.visit("/?open=2")
	assert.Equal(t, "isolate", b.eval(sign+".unicodeBidi"),
		"what is written from right to left does not turn it around")
}

// Long values do not wrap: a row has one line, and two on a phone.
func TestRowsHaveOneLine(t *testing.T) {
	f := start(t)
	f.answer(f.add(authentic()), 204)
	d := authentic()
	d.Length, d.Code = -1, "a-code-that-is-as-long-as-codes-get-12345"
	d.Received = time.Now().Add(-48 * time.Hour)
	d.Answer.At, d.Answer.Status, d.Answer.Duration = time.Now(), 204, 29_900*time.Millisecond
	f.add(d)
	b := openTab(t, f)
	b.visit("/")
	for _, width := range []int64{1280, 360} {
		b.run(chromedp.EmulateViewport(width, 800))
		b.frames()
		height := row(1) + `.querySelector("a").offsetHeight`
		assert.Equal(t, b.eval(height), b.eval(row(2)+`.querySelector("a").offsetHeight`), width)
		assert.Equal(t, "true", b.eval(fmt.Sprintf(`%s < %d`, height, map[int64]int{1280: 40, 360: 64}[width])), width)
	}
}

// Columns keep their places at every width, and the reason is never cut.
func TestColumnsStayWhereTheyAre(t *testing.T) {
	f := start(t)
	f.answer(f.add(authentic()), 204)
	long := authentic()
	long.Code, long.Label = "a-long-code-of-a-link", "A label that goes on and on and on and on"
	long.City = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
	f.answer(f.add(long), 500)
	f.add(mismatch())
	failed := authentic()
	failed.Answer = store.Answer{At: time.Now(), By: target,
		Error: "dial tcp 127.0.0.1:3000: connect: connection refused, and more of it that is long"}
	f.add(failed)
	b := openTab(t, f)
	for _, width := range []int64{1440, 1024, 390} {
		b.run(chromedp.EmulateViewport(width, 800))
		b.visit("/")
		for _, part := range []string{".id", ".pill", ".code", ".from", ".note"} {
			all := b.eval(`new Set([...document.querySelectorAll("#rows ` + part + `")]` +
				`.filter(e => e.offsetWidth && e.textContent)` +
				`.map(e => Math.round(e.getBoundingClientRect().left))).size`)
			want := "1"
			if part == ".pill" {
				want = "2" // verdict and answer
			}
			assert.Equal(t, want, all, "%s at %d", part, width)
		}
		assert.Equal(t, "true", b.eval(
			`[...document.querySelectorAll("#rows .note")].every(e => e.scrollWidth <= e.clientWidth + 1)`), width)
		assert.Equal(t, "true", b.eval(`document.documentElement.scrollWidth <= innerWidth`),
			"nothing is beside the window at %d", width)
	}
	b.run(chromedp.EmulateViewport(1280, 800))
	b.visit("/")
	assert.Equal(t, "true", b.eval(`document.querySelector("#rows").getBoundingClientRect().top < innerHeight / 2`))
}
