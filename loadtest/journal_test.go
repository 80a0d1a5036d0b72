package loadtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// A journal is a file in which the instances log what they do, as lines of a word, an attempt ID
// and a fingerprint. Each line is written immediately, so it survives even if the instance is
// killed right after. The journal is also the database: its effects are the clicks counted.
type journal struct{ file *os.File }

// The words of a journal.
const (
	skipped  = "skipped"  // a delivery used a credit
	effect   = "effect"   // a click was counted
	ended    = "ended"    // the attempt's bookkeeping is done
	credited = "credited" // the same, with a credit
	late     = "late"     // a call for the bookkeeping failed at first, or the calls took long
)

func openJournal(name string) (*journal, error) {
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	return &journal{file}, err
}

func (j *journal) write(word string, id dedupe.AttemptID, fingerprint string) error {
	_, err := fmt.Fprintf(j.file, "%s %x %s\n", word, id, fingerprint)
	return err
}

// A journalStore is a Store that logs its calls.
type journalStore struct {
	dedupe.Store
	journal *journal
	ids     sync.Map // from event to attempt ID
	begins  sync.Map // from attempt ID to how long its Begin took
	spent   sync.Map // from attempt ID to how long its other calls took together, as *atomic.Int64
}

func (s *journalStore) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	start := time.Now()
	decision, err := s.Store.Begin(ctx, fingerprint, id, lease)
	if err != nil {
		return 0, err
	}
	s.begins.Store(id, time.Since(start))
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

func (s *journalStore) End(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration,
) error {
	if took, ok := s.begins.LoadAndDelete(id); ok && credit > 0 {
		s.spend(id, took.(time.Duration)) // the sender may have disconnected before Begin returned
	}
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

// timed makes a store call. It logs the attempt as late if the call fails, or if the attempt's calls
// together take so long that a retry may have overtaken the last one.
func (s *journalStore) timed(fingerprint string, id dedupe.AttemptID, call func() error) error {
	start := time.Now()
	err := call()
	if s.spend(id, time.Since(start)) > shortestInterval/2 || err != nil {
		err = errors.Join(err, s.journal.write(late, id, fingerprint))
	}
	return err
}

// spend adds the time of a call to that of the attempt's others, and returns the sum.
func (s *journalStore) spend(id dedupe.AttemptID, took time.Duration) time.Duration {
	spent, _ := s.spent.LoadOrStore(id, new(atomic.Int64))
	return time.Duration(spent.(*atomic.Int64).Add(int64(took)))
}

// attemptOf returns the ID of the attempt at an event being handled.
func (s *journalStore) attemptOf(e *core.Event) (id dedupe.AttemptID) {
	if v, ok := s.ids.LoadAndDelete(e); ok {
		id = v.(dedupe.AttemptID)
	}
	return id
}

// A tally sums up the journal lines of one fingerprint.
type tally struct {
	effects, credits int
	died             int // attempts that counted a click or used a credit, and died before their bookkeeping
	late             int // attempts whose bookkeeping was late
	lines            []string
}

func readJournal(t *testing.T, name string) map[string]tally {
	t.Helper()
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	words := map[[2]string]map[string]bool{} // by attempt ID and fingerprint
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
