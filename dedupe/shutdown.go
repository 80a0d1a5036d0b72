package dedupe

import (
	"context"
	"fmt"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

var errShutdown = fmt.Errorf("urlr: the guard is shut down: %w", core.ErrUnavailable)

// shutdownInterval is how often Shutdown looks at what is left, and how often a step that failed is
// tried again meanwhile.
const shutdownInterval = 50 * time.Millisecond

// Shutdown refuses new deliveries with 503, and waits until the attempts under way have ended and
// the store has taken all bookkeeping. Call it after the server's Shutdown, since a process that
// ends earlier leaves clicks that may count twice. If ctx ends first, Shutdown returns an error
// that says how many attempts and steps are left, and wraps that of ctx.
func (g *Guard) Shutdown(ctx context.Context) error {
	g.shutdownOnce.Do(func() { close(g.isShutdown) })
	ticker := time.NewTicker(shutdownInterval / 10)
	defer ticker.Stop()
	for {
		underWay, pending := g.underWay.Load(), g.pending.Load()
		if underWay+pending == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("urlr: dedupe: %d attempts are under way and %d steps of bookkeeping are left: %w",
				underWay, pending, ctx.Err())
		case <-ticker.C:
		}
	}
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
