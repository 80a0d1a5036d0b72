package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/fatih/color"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

// A deliveryLog prints a line for each delivery.
type deliveryLog struct {
	mu      sync.Mutex
	w       io.Writer
	warned  time.Time
	refused int // since then
}

func newLog(w io.Writer) *deliveryLog { return &deliveryLog{w: w} }

func (l *deliveryLog) delivery(d *store.Delivery) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(l.w, line(d))
}

// overload says that deliveries were told to come back, at most once a second.
func (l *deliveryLog) overload(reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused++
	if time.Since(l.warned) < time.Second {
		return
	}
	fmt.Fprintln(l.w, color.RedString("Can't keep up: %d deliveries were told to come back, since %s. None is lost: URLR sends them again.", l.refused, reason))
	l.warned, l.refused = time.Now(), 0
}

// loop says what is wrong with --forward.
func (l *deliveryLog) loop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(l.w, color.RedString("A delivery came back: --forward leads to urlrhook itself. Name the address of your application."))
}

// line is what a terminal shows of a delivery.
func line(d *store.Delivery) string {
	s := fmt.Sprintf("%s  #%-5d %s  %s  %s", d.Received.Local().Format(time.TimeOnly), d.ID, colored(d.Verdict, d.Form), answer(d.Answer), subject(d))
	if d.Verdict == store.Refused {
		s += fmt.Sprintf(" (urlrhook show %d explains it)", d.ID)
	}
	return s
}

func colored(v store.Verdict, form string) string {
	switch v {
	case store.Authentic:
		return color.GreenString("%-16s", fmt.Sprintf("%s (%s)", v, form))
	case store.Refused:
		return color.RedString("%-16s", v)
	default:
		return color.YellowString("%-16s", v)
	}
}

// answer is what became of a delivery: whose answer, and how long it took.
func answer(a store.Answer) string {
	if a.At.IsZero() {
		return color.YellowString("no answer yet")
	}
	took := a.Duration.Round(10 * time.Microsecond)
	switch {
	case a.Status == 0:
		return color.RedString("no answer in %v", took)
	case a.OK():
		return color.GreenString("%d in %v", a.Status, took)
	default:
		return color.RedString("%d in %v", a.Status, took)
	}
}

// subject is the click, or what is wrong.
func subject(d *store.Delivery) string {
	s := visible.Line(d.Code, 40)
	if d.Country != "" {
		s += " " + visible.Line(d.Country, 8)
	}
	if problem := visible.Problem(d.Problem, d.Answer.Error); problem != "" {
		s += "  " + problem
	}
	return strings.TrimSpace(s)
}
