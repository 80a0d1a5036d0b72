package dedupe

import (
	"context"
	"fmt"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

var errShutdown = fmt.Errorf("urlr: guard is shut down: %w", core.ErrUnavailable)

// shutdownInterval is how often failed store calls are retried during Shutdown, which checks for
// their completion ten times as often.
const shutdownInterval = 50 * time.Millisecond

// Shutdown refuses new deliveries with 503, and waits until all attempts have ended and no store
// call is pending. Call it after the server's Shutdown: if the process exits earlier, clicks may
// count twice. If ctx is done first, Shutdown returns an error that says what is left, and wraps
// the error of ctx.
func (g *Guard) Shutdown(ctx context.Context) error {
	g.shutdownOnce.Do(func() { close(g.isShutdown) })
	ticker := time.NewTicker(shutdownInterval / 10)
	defer ticker.Stop()
	for {
		inProgress, pending := g.underWay()
		if inProgress+pending == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("urlr: dedupe: %d attempts in progress and %d store calls pending: %w",
				inProgress, pending, ctx.Err())
		case <-ticker.C:
		}
	}
}

// underWay returns the number of attempts in progress and of store calls pending. An attempt is
// counted until its calls are, and an Abandon until it is being retried, so the order matters.
func (g *Guard) underWay() (inProgress, pending int64) {
	inProgress = g.inProgress.Load()
	abandons := max(g.watched.Load()-inProgress, 0) // an attempt in progress has at most one
	return inProgress, abandons + g.pending.Load()
}

// refusesNew reports whether Shutdown was called.
func (g *Guard) refusesNew() bool {
	select {
	case <-g.isShutdown:
		return true
	default:
		return false
	}
}
