package main

import (
	"io"
	"strings"
	"sync"
	"time"

	"github.com/fatih/color"

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
	lines         chan string
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

// newLog returns a log that ends with close.
func newLog(w io.Writer, database string) *deliveryLog { return startLog(newScreen(w), database) }

func startLog(screen *statusScreen, database string) *deliveryLog {
	l := &deliveryLog{
		screen: screen, database: database, lines: make(chan string, queuedLines), changed: make(chan struct{}, 1),
		closing: make(chan struct{}), done: make(chan struct{}),
	}
	go l.run()
	return l
}

// arrived shows a delivery that is being forwarded. A terminal that can redraw shows it until its
// answer comes; elsewhere it has a line of its own.
func (l *deliveryLog) arrived(d *store.Delivery) {
	if !l.screen.redraws() {
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
	if wasForwarded := d.Answer.By != ""; wasForwarded && !l.screen.redraws() {
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
			l.write(text)
		case <-l.changed:
			l.write("")
		case <-second.C:
			l.write(l.takeExcess())
		case <-l.closing:
			l.write("")
			l.write(l.takeExcess())
			return
		}
	}
}

// write prints text and all lines that are queued, and below them the deliveries that wait.
func (l *deliveryLog) write(text string) {
	var lines []string
	if text != "" {
		lines = append(lines, text)
	}
	for range len(l.lines) {
		lines = append(lines, <-l.lines)
	}
	l.mu.Lock()
	status := make([]string, len(l.waiting))
	for i := range l.waiting {
		status[i] = l.waiting[i].line
	}
	l.mu.Unlock()
	l.screen.print(lines, status)
}

// takeExcess says what there was too much of since it was last called, or "".
func (l *deliveryLog) takeExcess() string {
	l.mu.Lock()
	e := l.excess
	l.excess = excess{}
	l.mu.Unlock()
	var said []string
	if e.refused > 0 {
		said = append(said, color.RedString("Can't keep up: %d told to come back, the last one since %s. None is lost: URLR sends them again.",
			e.refused, e.reason))
	}
	if e.dropped > 0 {
		said = append(said, color.YellowString("%d lines are missing here, since the terminal did not take them; the page has the deliveries.",
			e.dropped))
	}
	return strings.Join(said, "\n")
}
