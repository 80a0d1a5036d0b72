package exampletest

import (
	"context"
	"slices"
	"sync"

	"github.com/urlr-community/webhooks-go/core"
)

// A Recorder is a handler that keeps the codes of the links that were clicked.
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

// Codes returns what was recorded so far.
func (r *Recorder) Codes() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.codes)
}
