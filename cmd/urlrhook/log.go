package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/fatih/color"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
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
