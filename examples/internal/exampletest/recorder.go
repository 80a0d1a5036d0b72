package exampletest

import (
	"context"
	"slices"
	"sync"

	"github.com/urlr-community/webhooks-go/core"
)

// A Recorder records the codes of the clicked links.
type Recorder struct {
	mu    sync.Mutex
	codes []string
}

// Record is a core.HandlerFunc.
func (r *Recorder) Record(_ context.Context, click *core.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.codes = append(r.codes, click.Link.Code)
	return nil
}

// Codes returns the codes recorded so far.
func (r *Recorder) Codes() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.codes)
}
