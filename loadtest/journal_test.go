package loadtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// A journal is a file of what the instances did, in lines of a word, an attempt's id and a fingerprint. Each line is written at once, so
// that it is there even if the instance is killed the moment after. It is also the database: its effects are what was counted.
type journal struct{ file *os.File }

// The words of a journal.
const (
	skipped  = "skipped"  // a delivery took a credit
	effect   = "effect"   // a click was counted
	ended    = "ended"    // the attempt's bookkeeping is done
	credited = "credited" // the same, with a credit
	late     = "late"     // Redis, being down, did not take a step of the bookkeeping at once
)

func openJournal(name string) (*journal, error) {
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	return &journal{file}, err
}

func (j *journal) write(word string, id dedupe.AttemptID, fingerprint string) error {
	_, err := fmt.Fprintf(j.file, "%s %x %s\n", word, id, fingerprint)
	return err
}

// A journalStore writes down what the store did.
type journalStore struct {
	dedupe.Store
	journal *journal
	ids     sync.Map // of events, to attempts
}

func (s *journalStore) Begin(ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease) (dedupe.Decision, error) {
	decision, err := s.Store.Begin(ctx, fingerprint, id, lease)
	if err != nil {
		return 0, err
	}
	if e, ok := core.FromContext(ctx); ok {
		s.ids.Store(e, id)
	}
	if decision == dedupe.Skip {
		err = s.journal.write(skipped, id, fingerprint)
	}
	return decision, err
}

func (s *journalStore) Abandon(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	return s.timed(fingerprint, id, func() error { return s.Store.Abandon(ctx, fingerprint, id) })
}

func (s *journalStore) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	err := s.timed(fingerprint, id, func() error { return s.Store.End(ctx, fingerprint, id, credit) })
	switch {
	case err != nil:
		return err
	case credit > 0:
		return s.journal.write(credited, id, fingerprint)
	default:
		return s.journal.write(ended, id, fingerprint)
	}
}

// timed takes a step, and writes down if it fails or takes so long that a retry may have overtaken it.
func (s *journalStore) timed(fingerprint string, id dedupe.AttemptID, step func() error) error {
	start := time.Now()
	err := step()
	if err != nil || time.Since(start) > shortestInterval/2 {
		err = errors.Join(err, s.journal.write(late, id, fingerprint))
	}
	return err
}

// attemptOf returns the attempt at an event that is being handled.
func (s *journalStore) attemptOf(e *core.Event) (id dedupe.AttemptID) {
	if v, ok := s.ids.LoadAndDelete(e); ok {
		id = v.(dedupe.AttemptID)
	}
	return id
}

// A tally is what the journals have of one fingerprint.
type tally struct {
	effects, credits int
	died             int // attempts that counted a click or took a credit, and never got to their bookkeeping
	late             int // attempts whose bookkeeping came late
	lines            []string
}

func readJournal(t *testing.T, name string) map[string]tally {
	t.Helper()
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	words := map[[2]string]map[string]bool{} // of an attempt, with its fingerprint
	tallies := map[string]tally{}
	for line := range strings.Lines(string(content)) {
		var word, id, fingerprint string
		_, err := fmt.Sscan(line, &word, &id, &fingerprint)
		require.NoError(t, err, line)
		attempt := [2]string{id, fingerprint}
		if words[attempt] == nil {
			words[attempt] = map[string]bool{}
		}
		words[attempt][word] = true
		sum := tallies[fingerprint]
		sum.lines = append(sum.lines, word+" "+id)
		if word == effect {
			sum.effects++
		}
		tallies[fingerprint] = sum
	}
	for attempt, did := range words {
		sum := tallies[attempt[1]]
		if did[credited] {
			sum.credits++
		}
		if (did[effect] || did[skipped]) && !did[ended] && !did[credited] {
			sum.died++
		}
		if did[late] {
			sum.late++
		}
		tallies[attempt[1]] = sum
	}
	return tallies
}
