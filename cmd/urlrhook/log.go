package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/fatih/color"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

const (
	waitingLines = 1024        // of a burst; others are dropped
	lastWords    = time.Second // for the lines that wait when listen ends
)

// A deliveryLog prints a line for each delivery, and each second what there was too much of. A goroutine prints, and waits for a terminal that
// takes no more: no sender waits for its answer because of that.
type deliveryLog struct {
	w             io.Writer
	database      string // the value of --db
	lines         chan string
	closing, done chan struct{}

	mu     sync.Mutex
	excess excess
}

// An excess is what there was too much of within a second.
type excess struct {
	refused int    // deliveries
	reason  string // of the last one
	dropped int    // lines
}

// newLog returns a log that ends with close.
func newLog(w io.Writer, database string) *deliveryLog {
	l := &deliveryLog{w: w, database: database, lines: make(chan string, waitingLines), closing: make(chan struct{}), done: make(chan struct{})}
	go l.run()
	return l
}

func (l *deliveryLog) delivery(d *store.Delivery) { l.print(line(d, l.database)) }

// loop says what is wrong with --forward.
func (l *deliveryLog) loop() {
	l.print(color.RedString("A delivery came back: --forward leads to urlrhook itself. Name the address of your application."))
}

// overload counts a delivery that was told to come back.
func (l *deliveryLog) overload(reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.excess.refused++
	l.excess.reason = reason
}

func (l *deliveryLog) print(text string) {
	select {
	case l.lines <- text:
	default:
		l.mu.Lock()
		defer l.mu.Unlock()
		l.excess.dropped++
	}
}

// close prints what is left, if the terminal takes it.
func (l *deliveryLog) close() {
	close(l.closing)
	select {
	case <-l.done:
	case <-time.After(lastWords):
	}
}

func (l *deliveryLog) run() {
	defer close(l.done)
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for {
		select {
		case text := <-l.lines:
			fmt.Fprintln(l.w, text)
		case <-second.C:
			l.printExcess()
		case <-l.closing:
			for range len(l.lines) {
				fmt.Fprintln(l.w, <-l.lines)
			}
			l.printExcess()
			return
		}
	}
}

func (l *deliveryLog) printExcess() {
	l.mu.Lock()
	e := l.excess
	l.excess = excess{}
	l.mu.Unlock()
	if e.refused > 0 {
		fmt.Fprintln(l.w, color.RedString("Can't keep up: %d told to come back, the last one since %s. None is lost: URLR sends them again.", e.refused, e.reason))
	}
	if e.dropped > 0 {
		fmt.Fprintln(l.w, color.YellowString("%d lines are missing here, since the terminal did not take them; the page has the deliveries.", e.dropped))
	}
}
