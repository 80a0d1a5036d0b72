package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// An emulator emulates what listen needs of a terminal: it can go up and clear the rest.
type emulator struct {
	lines  []string
	row    int
	widest int
}

var goUpAndClear = regexp.MustCompile(`\x1b\[(\d+)A\x1b\[J`)

func (e *emulator) Write(p []byte) (int, error) {
	text := string(p)
	if up := goUpAndClear.FindStringSubmatch(text); up != nil {
		n, _ := strconv.Atoi(up[1])
		e.row -= n
		e.lines = e.lines[:e.row]
		text = strings.TrimPrefix(text, up[0])
	}
	for line := range strings.Lines(colors.ReplaceAllString(text, "")) {
		e.lines = append(e.lines, strings.TrimSuffix(line, "\n"))
		e.widest = max(e.widest, widthOf(e.lines[e.row]))
		e.row++
	}
	return len(p), nil
}

func waiting(id int64) *store.Delivery {
	return &store.Delivery{ID: id, Verdict: store.Authentic, Form: "raw", Code: "link-" + strconv.FormatInt(id, 10)}
}

func withAnswer(d *store.Delivery, status int) *store.Delivery {
	answered := *d
	answered.Answer = store.Answer{At: d.Received.Add(1), By: "http://127.0.0.1:3000", Status: status}
	return &answered
}

// A terminal shows a delivery when it arrives, and ends up with one line.
func TestScreenRedraws(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &emulator{}
		l := startLog(&statusScreen{w: e, size: func() (int, int) { return 60, 24 }}, nil, "")
		one, two := waiting(1), waiting(2)
		l.arrived(one)
		synctest.Wait()
		assert.Equal(t, []string{"00:00:00  #1     authentic (raw)   forwarded  link-1"}, e.lines)
		l.arrived(two)
		l.answered(withAnswer(two, 204))
		synctest.Wait()
		assert.Equal(t, []string{
			"00:00:00  #2     authentic (raw)   204 in 0s  link-2",
			"00:00:00  #1     authentic (raw)   forwarded  link-1",
		}, e.lines)
		l.answered(withAnswer(one, 500))
		l.close()
		assert.Equal(t, []string{
			"00:00:00  #2     authentic (raw)   204 in 0s  link-2",
			"00:00:00  #1     authentic (raw)   500 in 0s  link-1",
		}, e.lines)
	})
}

// With many waiting deliveries and long lines, redrawing starts in the right place.
func TestScreenOfManyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &emulator{}
		l := startLog(&statusScreen{w: e, size: func() (int, int) { return 70, 6 }}, nil, "")
		for id := range int64(100) {
			l.arrived(waiting(id))
		}
		synctest.Wait()
		assert.Len(t, e.lines, 4, "with room for the prompt of who looks on")
		assert.Equal(t, "… and 97 more without an answer", e.lines[3])
		for id := range int64(100) {
			l.answered(withAnswer(waiting(id), 204))
		}
		l.close()
		assert.Len(t, e.lines, 100)
		assert.NotContains(t, strings.Join(e.lines, "\n"), "forwarded")
	})
}

// A dropped line leaves no delivery waiting forever.
func TestScreenForgetsDroppedLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &stuck{released: make(chan struct{})}
		l := startLog(&statusScreen{w: out, size: func() (int, int) { return 80, 24 }}, nil, "")
		l.arrived(waiting(0))
		synctest.Wait() // it is being drawn
		for id := range int64(queuedLines + 7) {
			l.arrived(waiting(id + 1))
			l.answered(withAnswer(waiting(id+1), 204))
		}
		close(out.released)
		synctest.Wait()
		l.mu.Lock()
		assert.Len(t, l.waiting, 1)
		l.mu.Unlock()
		l.close()
		assert.Contains(t, out.String(), "7 lines were dropped")
	})
}

// Without a terminal, a delivery has one line when it arrives and one when it is answered.
func TestLogWithoutATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		l := newLog(&out, "")
		d := waiting(3)
		l.arrived(d)
		synctest.Wait()
		assert.Equal(t, "00:00:00  #3     authentic (raw)   forwarded  link-3\n", out.String())
		l.answered(withAnswer(d, 204))
		own := waiting(4)
		own.Answer = store.Answer{At: own.Received.Add(1), Status: 204}
		l.answered(own)
		l.close()
		assert.Equal(t, "00:00:00  #3     authentic (raw)   forwarded  link-3\n00:00:00  #3     204 in 0s\n"+
			"00:00:00  #4     authentic (raw)   204 in 0s  link-4\n", out.String())
	})
}
