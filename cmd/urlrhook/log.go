package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/fatih/color"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/record"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

const (
	queuedLines = 1024        // of a burst; others are dropped
	lastWords   = time.Second // for the lines that are queued when listen ends
)

// A deliveryLog prints deliveries as they arrive and are answered, and each second what there was
// too much of. A goroutine prints, and waits for a terminal that takes no more: no sender waits for
// its answer because of that.
type deliveryLog struct {
	database      string // the value of --db
	screen        *statusScreen
	notes         io.Writer // nil: what is no delivery is printed between them; with it, they are JSON
	lines         chan entry
	changed       chan struct{} // has a value after waiting was changed
	closing, done chan struct{}

	mu      sync.Mutex
	excess  excess
	waiting []waitingDelivery // forwarded and not answered; kept only for a screen that redraws
}

// An excess is what there was too much of within a second.
type excess struct {
	refused int    // deliveries
	reason  string // of the last one
	dropped int    // lines
}

// A waitingDelivery is one whose answer is still to come.
type waitingDelivery struct {
	id   int64
	line string
}

// An entry is a line of a delivery, or a note.
type entry struct {
	text   string
	isNote bool
}

// newLog returns a log that ends with close.
func newLog(w io.Writer, database string) *deliveryLog { return startLog(newScreen(w), nil, database) }

// newJSONLog returns a log that writes JSON, and apart from it notes for people.
func newJSONLog(w, notes io.Writer) *deliveryLog { return startLog(&statusScreen{w: w}, notes, "") }

func startLog(screen *statusScreen, notes io.Writer, database string) *deliveryLog {
	l := &deliveryLog{
		screen: screen, notes: notes, database: database, lines: make(chan entry, queuedLines), changed: make(chan struct{}, 1),
		closing: make(chan struct{}), done: make(chan struct{}),
	}
	go l.run()
	return l
}

// arrived shows a delivery that is being forwarded. A terminal that can redraw shows it until its
// answer comes; elsewhere it has a line of its own.
func (l *deliveryLog) arrived(d *store.Delivery) {
	switch {
	case l.notes != nil:
		return // one object is for a delivery with its answer
	case !l.screen.redraws():
		l.print(arrivalLine(d))
		return
	}
	l.mu.Lock()
	l.waiting = append(l.waiting, waitingDelivery{d.ID, arrivalLine(d)})
	l.mu.Unlock()
	l.redraw()
}

// answered shows a delivery with its answer.
func (l *deliveryLog) answered(d *store.Delivery) {
	switch wasForwarded := d.Answer.By != ""; {
	case l.notes != nil:
		summary := d.Summary()
		if object, err := record.Line(record.Summarize(&summary)); err == nil { // it has nothing that can't be encoded
			l.print(strings.TrimSuffix(string(object), "\n"))
		}
		return
	case wasForwarded && !l.screen.redraws():
		l.print(answerLine(d, l.database))
		return
	}
	l.mu.Lock()
	for i := range l.waiting {
		if l.waiting[i].id == d.ID {
			l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
			break
		}
	}
	l.mu.Unlock()
	l.print(line(d, l.database))
	l.redraw() // also if that line was dropped
}

func (l *deliveryLog) redraw() {
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// loop says what is wrong with --forward.
func (l *deliveryLog) loop() {
	l.note(
		color.RedString("A delivery came back: --forward leads to urlrhook itself. Name the address of your application."),
	)
}

// overload counts a delivery that was told to come back.
func (l *deliveryLog) overload(reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.excess.refused++
	l.excess.reason = reason
}

func (l *deliveryLog) print(text string) { l.queue(entry{text: text}) }

// note prints what is no delivery.
func (l *deliveryLog) note(text string) { l.queue(entry{text, true}) }

func (l *deliveryLog) queue(e entry) {
	select {
	case l.lines <- e:
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
		case e := <-l.lines:
			l.write(e)
		case <-l.changed:
			l.write()
		case <-second.C:
			l.write(l.takeExcess()...)
		case <-l.closing:
			l.write()
			l.write(l.takeExcess()...)
			return
		}
	}
}

// write prints entries and all that are queued, and below them the deliveries that wait.
func (l *deliveryLog) write(entries ...entry) {
	for range len(l.lines) {
		entries = append(entries, <-l.lines)
	}
	var lines []string
	for _, e := range entries {
		if e.isNote && l.notes != nil {
			fmt.Fprintln(l.notes, e.text)
		} else {
			lines = append(lines, e.text)
		}
	}
	l.mu.Lock()
	status := make([]string, len(l.waiting))
	for i := range l.waiting {
		status[i] = l.waiting[i].line
	}
	l.mu.Unlock()
	l.screen.print(lines, status)
}

// takeExcess says what there was too much of since it was last called.
func (l *deliveryLog) takeExcess() (said []entry) {
	l.mu.Lock()
	e := l.excess
	l.excess = excess{}
	l.mu.Unlock()
	if e.refused > 0 {
		text := color.RedString(
			"Can't keep up: %d told to come back, the last one since %s. None is lost: URLR sends them again.",
			e.refused,
			e.reason,
		)
		said = append(said, entry{text, true})
	}
	if e.dropped > 0 {
		text := color.YellowString(
			"%d lines are missing here, since the terminal did not take them; the page has the deliveries.",
			e.dropped,
		)
		said = append(said, entry{text, true})
	}
	return said
}
