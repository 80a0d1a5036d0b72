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
	queuedLines = 1024        // more are dropped
	lastWords   = time.Second // to print queued lines when listen ends
)

// A deliveryLog prints deliveries as they arrive and are answered, and once a second how many it
// had to refuse or could not print. It prints in a goroutine of its own, so that a slow terminal
// delays no answer to a sender.
type deliveryLog struct {
	database      string // the value of --db
	screen        *statusScreen
	notes         io.Writer // for notes, if deliveries are printed as JSON; nil: notes are printed between them
	lines         chan entry
	changed       chan struct{} // holds a value after waiting has changed
	closing, done chan struct{}

	mu      sync.Mutex
	excess  excess
	waiting []waitingDelivery // forwarded, not answered yet; used only if the screen can redraw
}

// An excess counts what was too much within a second.
type excess struct {
	refused int    // deliveries
	reason  string // for the last refusal
	dropped int    // lines
}

// A waitingDelivery has no answer yet.
type waitingDelivery struct {
	id   int64
	line string
}

// An entry is a line about a delivery, or a note.
type entry struct {
	text   string
	isNote bool
}

// newLog returns a log. Close it to end its goroutine.
func newLog(w io.Writer, database string) *deliveryLog { return startLog(newScreen(w), nil, database) }

// newJSONLog returns a log that writes deliveries as JSON to w, and notes for people to notes.
func newJSONLog(w, notes io.Writer) *deliveryLog { return startLog(&statusScreen{w: w}, notes, "") }

func startLog(screen *statusScreen, notes io.Writer, database string) *deliveryLog {
	l := &deliveryLog{
		screen: screen, notes: notes, database: database, lines: make(chan entry, queuedLines),
		changed: make(chan struct{}, 1), closing: make(chan struct{}), done: make(chan struct{}),
	}
	go l.run()
	return l
}

// arrived shows a delivery that is being forwarded. A terminal that can redraw shows it until it is
// answered; elsewhere it gets a line of its own.
func (l *deliveryLog) arrived(d *store.Delivery) {
	switch {
	case l.notes != nil:
		return // the JSON object is printed with the answer
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
		if object, err := record.Line(record.Summarize(&summary)); err == nil { // a summary can always be encoded
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
	l.redraw() // even if that line was dropped
}

func (l *deliveryLog) redraw() {
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// loop notes that --forward leads to this listener.
func (l *deliveryLog) loop() {
	l.note(color.RedString(
		"A forwarded delivery came back: --forward leads to urlrhook itself. Name your application's address.",
	))
}

// overload counts a delivery that was answered with 503.
func (l *deliveryLog) overload(reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.excess.refused++
	l.excess.reason = reason
}

func (l *deliveryLog) print(text string) { l.queue(entry{text: text}) }

// note prints a line that is not about one delivery.
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

// close prints what is queued, unless the terminal takes longer than lastWords.
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

// write prints the entries and the queued ones, and below them the deliveries without an answer.
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

// takeExcess describes the excess since the last call.
func (l *deliveryLog) takeExcess() (said []entry) {
	l.mu.Lock()
	e := l.excess
	l.excess = excess{}
	l.mu.Unlock()
	if e.refused > 0 {
		text := color.RedString(
			"Can't keep up: answered %d with 503, the last one because %s. URLR sends them again.",
			e.refused,
			e.reason,
		)
		said = append(said, entry{text, true})
	}
	if e.dropped > 0 {
		text := color.YellowString(
			"%d lines were dropped because the terminal was too slow. The page shows all deliveries.",
			e.dropped,
		)
		said = append(said, entry{text, true})
	}
	return said
}
