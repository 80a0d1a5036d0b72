// Package storetest has the tests that every [dedupe.Store] must pass.
package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// short is a time that passes during a test, long one that does not.
const (
	short = 150 * time.Millisecond
	long  = time.Hour
)

// Run tests a Store. newStore returns an empty one, or one that has nothing to do with those of other tests; it is called once for
// each test. The tests run in parallel and take about a second.
func Run(t *testing.T, newStore func(t *testing.T) dedupe.Store) {
	t.Helper()
	for name, test := range map[string]func(*tester){
		"first delivery":              testFirst,
		"acknowledged":                testAcknowledged,
		"twins":                       testTwins,
		"credit":                      testCredit,
		"credits are counted":         testCreditsAreCounted,
		"credit ends":                 testCreditEnds,
		"sender gone":                 testSenderGone,
		"credit before sender gone":   testCreditBeforeSenderGone,
		"skip is an attempt":          testSkipIsAnAttempt,
		"orphan":                      testOrphan,
		"orphan processed":            testOrphanProcessed,
		"orphan that took a credit":   testOrphanThatTookACredit,
		"orphan's sender gone":        testOrphansSenderGone,
		"end after the lease":         testEndAfterTheLease,
		"failed after the lease":      testFailedAfterTheLease,
		"skipped after the lease":     testSkippedAfterTheLease,
		"undo":                        testUndo,
		"exclusive":                   testExclusive,
		"steps of unknown attempts":   testUnknown,
		"fingerprints are apart":      testFingerprints,
		"a step comes twice":          testRepeatedSteps,
		"a credit is taken only once": testRace,
		"context":                     testContext,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&tester{T: t, store: newStore(t), fingerprint: newFingerprint(t), lease: dedupe.Lease{Duration: long, Retention: long}})
		})
	}
}

// A tester takes the steps of one fingerprint.
type tester struct {
	*testing.T
	store       dedupe.Store
	fingerprint string
	lease       dedupe.Lease
	attempts    byte
}

func newFingerprint(t *testing.T) string {
	t.Helper()
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", b)
}

// begin begins a new attempt and checks what the store decides.
func (t *tester) begin(want dedupe.Decision) dedupe.AttemptID {
	t.Helper()
	t.attempts++
	id := dedupe.AttemptID{t.attempts}
	got, err := t.store.Begin(t.Context(), t.fingerprint, id, t.lease)
	if err != nil {
		t.Fatalf("Begin: %v", err)
	}
	if got != want {
		t.Fatalf("Begin decided to %v, want %v", got, want)
	}
	return id
}

func (t *tester) abandon(id dedupe.AttemptID) {
	t.Helper()
	if err := t.store.Abandon(t.Context(), t.fingerprint, id); err != nil {
		t.Fatalf("Abandon: %v", err)
	}
}

func (t *tester) end(id dedupe.AttemptID, credit time.Duration) {
	t.Helper()
	if err := t.store.End(t.Context(), t.fingerprint, id, credit); err != nil {
		t.Fatalf("End: %v", err)
	}
}

func testFirst(t *tester) { t.begin(dedupe.Process) }

func testAcknowledged(t *tester) {
	for range 3 {
		t.end(t.begin(dedupe.Process), 0)
	}
}

func testTwins(t *tester) {
	first, second := t.begin(dedupe.Process), t.begin(dedupe.Process)
	t.end(second, 0)
	t.end(first, 0)
	t.begin(dedupe.Process)
}

func testCredit(t *tester) {
	t.end(t.begin(dedupe.Process), long)
	t.end(t.begin(dedupe.Skip), 0)
	t.end(t.begin(dedupe.Process), 0)
}

func testCreditsAreCounted(t *tester) {
	first, second := t.begin(dedupe.Process), t.begin(dedupe.Process)
	t.end(first, long)
	t.end(second, long)
	t.end(t.begin(dedupe.Skip), long) // it came back
	for range 2 {
		t.end(t.begin(dedupe.Skip), 0)
	}
	t.begin(dedupe.Process)
}

func testCreditEnds(t *tester) {
	first, second := t.begin(dedupe.Process), t.begin(dedupe.Process)
	t.end(first, long)
	t.end(second, short)
	t.end(t.begin(dedupe.Skip), 0) // of the second, which ends first
	time.Sleep(2 * short)
	t.end(t.begin(dedupe.Skip), short)
	time.Sleep(2 * short)
	t.begin(dedupe.Process)
}

func testSenderGone(t *tester) {
	first := t.begin(dedupe.Process)
	t.abandon(first)
	t.abandon(first)
	t.begin(dedupe.ComeBack)
	t.begin(dedupe.ComeBack)
	t.end(first, long)
	t.end(t.begin(dedupe.Skip), 0)

	second, twin := t.begin(dedupe.Process), t.begin(dedupe.Process)
	t.abandon(second)
	t.end(twin, 0)
	t.begin(dedupe.ComeBack)
	t.end(second, 0) // it failed
	t.begin(dedupe.Process)
}

func testCreditBeforeSenderGone(t *tester) {
	first, second := t.begin(dedupe.Process), t.begin(dedupe.Process)
	t.abandon(first)
	t.end(second, long)
	t.end(t.begin(dedupe.Skip), 0)
	t.begin(dedupe.ComeBack)
}

func testSkipIsAnAttempt(t *tester) {
	t.end(t.begin(dedupe.Process), long)
	skip := t.begin(dedupe.Skip)
	t.abandon(skip)
	t.begin(dedupe.ComeBack)
	t.end(skip, long)
	t.begin(dedupe.Skip)
}

func testOrphan(t *tester) {
	t.lease.Duration = short
	t.begin(dedupe.Process)
	time.Sleep(2 * short)
	t.begin(dedupe.Process)
}

func testOrphanProcessed(t *tester) {
	t.lease.Duration, t.lease.OrphansProcessed = short, true
	t.begin(dedupe.Process)
	time.Sleep(2 * short)
	t.lease.Duration = long
	t.end(t.begin(dedupe.Skip), 0)
	t.begin(dedupe.Process)
}

// What was processed stays processed, even if the process that acknowledged a retry died over it.
func testOrphanThatTookACredit(t *tester) {
	t.end(t.begin(dedupe.Process), long)
	t.lease.Duration = short
	t.begin(dedupe.Skip)
	time.Sleep(2 * short)
	t.lease.Duration = long
	t.end(t.begin(dedupe.Skip), 0)
	t.begin(dedupe.Process)
}

func testOrphansSenderGone(t *tester) {
	t.lease.Duration = short
	t.abandon(t.begin(dedupe.Process))
	t.begin(dedupe.ComeBack)
	time.Sleep(2 * short)
	t.begin(dedupe.Process)
}

// A handler that takes longer than its lease and fails: its process is alive, and knows.
func testFailedAfterTheLease(t *tester) {
	t.lease.Duration, t.lease.OrphansProcessed = short, true
	slow := t.begin(dedupe.Process)
	time.Sleep(2 * short)
	t.end(slow, 0)
	t.begin(dedupe.Process)
}

func testSkippedAfterTheLease(t *tester) {
	t.end(t.begin(dedupe.Process), long)
	t.lease.Duration = short
	slow := t.begin(dedupe.Skip)
	time.Sleep(2 * short)
	t.end(slow, 0)
	t.begin(dedupe.Process)
}

func testEndAfterTheLease(t *tester) {
	t.lease.Duration = short
	first := t.begin(dedupe.Process)
	time.Sleep(2 * short)
	t.end(first, long)
	t.begin(dedupe.Skip)
}

func testUndo(t *tester) {
	undo := func(id dedupe.AttemptID) {
		t.Helper()
		if err := t.store.Undo(t.Context(), t.fingerprint, id); err != nil {
			t.Fatalf("Undo: %v", err)
		}
	}
	undo(dedupe.AttemptID{255}) // it never began
	first := t.begin(dedupe.Process)
	t.abandon(first)
	undo(first)
	undo(first)
	second := t.begin(dedupe.Process)
	t.end(second, long)
	undo(second) // too late
	skip := t.begin(dedupe.Skip)
	undo(skip)
	undo(skip)
	t.end(t.begin(dedupe.Skip), 0) // the credit was given back, once
	t.lease.Retention = short
	t.end(t.begin(dedupe.Process), long)
	undo(t.begin(dedupe.Skip))
	time.Sleep(2 * short)
	t.begin(dedupe.Process)
}

func testExclusive(t *tester) {
	t.lease.Exclusive = true
	first := t.begin(dedupe.Process)
	t.begin(dedupe.ComeBack)
	t.end(first, long)
	skip := t.begin(dedupe.Skip)
	t.begin(dedupe.ComeBack)
	t.end(skip, 0)
	t.begin(dedupe.Process)
}

func testUnknown(t *tester) {
	t.abandon(dedupe.AttemptID{255})
	t.end(dedupe.AttemptID{255}, 0)
	t.begin(dedupe.Process)
	t.abandon(dedupe.AttemptID{255})
	t.begin(dedupe.Process)
	t.end(dedupe.AttemptID{254}, long)
	t.begin(dedupe.Skip)
}

func testRepeatedSteps(t *tester) {
	again := func(id dedupe.AttemptID, want dedupe.Decision) {
		t.Helper()
		if got, err := t.store.Begin(t.Context(), t.fingerprint, id, t.lease); err != nil || got != want {
			t.Fatalf("Begin again decided to %v (%v), want %v", got, err, want)
		}
	}
	first := t.begin(dedupe.Process)
	again(first, dedupe.Process)
	t.end(first, long)
	t.end(first, long) // one credit
	skip := t.begin(dedupe.Skip)
	again(skip, dedupe.Skip)
	t.end(skip, 0)
	t.end(skip, 0)
	t.abandon(skip)
	third := t.begin(dedupe.Process)
	t.abandon(third)
	again(third, dedupe.Process)
	t.begin(dedupe.ComeBack)
	t.end(third, 0)
	t.begin(dedupe.Process)
}

func testFingerprints(t *tester) {
	t.end(t.begin(dedupe.Process), long)
	mine := t.fingerprint
	t.fingerprint = newFingerprint(t.T)
	other := t.begin(dedupe.Process)
	t.abandon(other)
	t.fingerprint = mine
	t.begin(dedupe.Skip)
}

func testRace(t *tester) {
	const credits, deliveries = 20, 100
	var mu sync.Mutex
	decisions := map[dedupe.Decision]int{}
	var wg sync.WaitGroup
	for i := range credits {
		t.end(dedupe.AttemptID{2, byte(i)}, long)
	}
	for i := range deliveries {
		wg.Go(func() {
			d, err := t.store.Begin(t.Context(), t.fingerprint, dedupe.AttemptID{1, byte(i)}, t.lease)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			decisions[d]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if decisions[dedupe.Skip] != credits || decisions[dedupe.Process] != deliveries-credits {
		t.Errorf("%d deliveries with %d credits: %v", deliveries, credits, decisions)
	}
}

// A step may fail when its context is done, or succeed; but it must not half succeed.
func testContext(t *tester) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = t.store.Begin(ctx, t.fingerprint, dedupe.AttemptID{1}, t.lease)
	t.end(dedupe.AttemptID{1}, 0)
	t.attempts++
	t.begin(dedupe.Process)
}
