// Package storetest has the tests that every [dedupe.Store] must pass.
package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// long does not pass during a test, unlike tester.short.
const long = time.Hour

// A test starts with the shortest tester.short. If the machine is too slow for it, the test starts
// over with twice as long, up to the longest.
const (
	shortest = 300 * time.Millisecond
	longest  = 32 * shortest
)

// Run tests a Store. newStore returns an empty one, or one that is independent of those of other
// tests; it is called once per test. The tests run in parallel and take a few seconds.
func Run(t *testing.T, newStore func(t *testing.T) dedupe.Store) {
	t.Helper()
	for name, test := range map[string]func(*tester){
		"first delivery":               testFirst,
		"acknowledged":                 testAcknowledged,
		"twins":                        testTwins,
		"credit":                       testCredit,
		"credits are counted":          testCreditsAreCounted,
		"credit expires":               testCreditEnds,
		"sender disconnected":          testSenderDisconnected,
		"credit before disconnected":   testCreditBeforeDisconnected,
		"skip is an attempt":           testSkipIsAnAttempt,
		"orphan":                       testOrphan,
		"orphan processed":             testOrphanProcessed,
		"orphan that used up a credit": testOrphanThatUsedCredit,
		"disconnected orphan":          testDisconnectedOrphan,
		"end after the lease":          testEndAfterLease,
		"failed after the lease":       testFailedAfterLease,
		"skipped after the lease":      testSkippedAfterLease,
		"undo":                         testUndo,
		"undo after the lease":         testUndoAfterLease,
		"late begin":                   testLateBegin,
		"late begin of a used credit":  testLateBeginOfUsedCredit,
		"undo after the end":           testUndoAfterEnd,
		"credit after none":            testCreditAfterNone,
		"skipping":                     testSkipping,
		"skipping is over":             testSkippingIsOver,
		"orphan's credit expires":      testOrphansCreditEnds,
		"come back changes nothing":    testComeBackChangesNothing,
		"lease of a repeated begin":    testLeaseOfRepeatedBegin,
		"one of two":                   testOneOfTwo,
		"repeated end":                 testRepeatedEnd,
		"exclusive":                    testExclusive,
		"calls for unknown attempts":   testUnknown,
		"fingerprints are independent": testFingerprints,
		"repeated calls":               testRepeatedCalls,
		"a credit is used only once":   testRace,
		"calls are atomic":             testAtomicity,
		"context":                      testContext,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := newStore(t)
			for short := shortest; !newTester(t, store, short).isInTime(test); short *= 2 {
				if short == longest {
					t.Fatalf("a few calls take more than %v", longest)
				}
			}
		})
	}
}

// A tester makes the calls of one fingerprint.
type tester struct {
	*testing.T
	store       dedupe.Store
	fingerprint string
	lease       dedupe.Lease
	attempts    byte
	short       time.Duration // passes during the test
	deadline    time.Time     // of calls in within
}

func newTester(t *testing.T, store dedupe.Store, short time.Duration) *tester {
	t.Helper()
	lease := dedupe.Lease{Duration: long, Retention: long}
	return &tester{T: t, store: store, fingerprint: newFingerprint(t), lease: lease, short: short}
}

// tooSlow is the panic of a test whose calls in within took too long.
type tooSlow struct{}

// isInTime runs a test and reports whether its calls were fast enough for it to mean something.
func (t *tester) isInTime(test func(*tester)) (inTime bool) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil && p != (tooSlow{}) {
			panic(p)
		}
	}()
	test(t)
	return true
}

// within makes calls that mean something only if they take less than d.
func (t *tester) within(d time.Duration, calls func()) {
	t.Helper()
	t.deadline = time.Now().Add(d)
	calls()
	t.checkTime()
	t.deadline = time.Time{}
}

// checkTime ends the test if the calls in within took too long.
func (t *tester) checkTime() {
	if !t.deadline.IsZero() && time.Now().After(t.deadline) {
		panic(tooSlow{})
	}
}

func newFingerprint(t *testing.T) string {
	t.Helper()
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", b)
}

// begin begins a new attempt and checks the decision.
func (t *tester) begin(want dedupe.Decision) dedupe.AttemptID {
	t.Helper()
	t.attempts++
	id := idOf(0, t.attempts)
	got, err := t.store.Begin(t.Context(), t.fingerprint, id, t.lease)
	if err != nil {
		t.Fatalf("Begin: %v", err)
	}
	if got != want {
		t.checkTime()
		t.Fatalf("Begin returned %v, want %v", got, want)
	}
	return id
}

// idOf returns an ID that differs from others only in its first or last byte.
func idOf(first, last byte) dedupe.AttemptID { return dedupe.AttemptID{0: first, 15: last} }

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

func (t *tester) undo(id dedupe.AttemptID) {
	t.Helper()
	if err := t.store.Undo(t.Context(), t.fingerprint, id); err != nil {
		t.Fatalf("Undo: %v", err)
	}
}

func (t *tester) repeatBegin(id dedupe.AttemptID, want dedupe.Decision) {
	t.Helper()
	if got, err := t.store.Begin(t.Context(), t.fingerprint, id, t.lease); err != nil || got != want {
		t.checkTime()
		t.Fatalf("repeated Begin returned %v (%v), want %v", got, err, want)
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
	t.end(t.begin(dedupe.Skip), long) // it leaves a new credit
	for range 2 {
		t.end(t.begin(dedupe.Skip), 0)
	}
	t.begin(dedupe.Process)
}

func testCreditEnds(t *tester) {
	first, second := t.begin(dedupe.Process), t.begin(dedupe.Process)
	t.end(first, long)
	t.within(4*t.short, func() {
		t.end(second, 4*t.short)
		t.end(t.begin(dedupe.Skip), 0) // the credit of second, which expires first
	})
	time.Sleep(5 * t.short)
	t.end(t.begin(dedupe.Skip), t.short)
	time.Sleep(2 * t.short)
	t.begin(dedupe.Process)
}

func testSenderDisconnected(t *tester) {
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

func testCreditBeforeDisconnected(t *tester) {
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
	t.lease.Duration = t.short
	t.begin(dedupe.Process)
	time.Sleep(2 * t.short)
	t.begin(dedupe.Process)
}

func testOrphanProcessed(t *tester) {
	t.lease.Duration, t.lease.OrphansProcessed = t.short, true
	t.begin(dedupe.Process)
	time.Sleep(2 * t.short)
	t.lease.Duration = long
	t.end(t.begin(dedupe.Skip), 0)
	t.begin(dedupe.Process)
}

// What was processed stays processed, even if the process that acknowledged a retry died meanwhile.
func testOrphanThatUsedCredit(t *tester) {
	t.end(t.begin(dedupe.Process), long)
	t.lease.Duration = t.short
	t.begin(dedupe.Skip)
	time.Sleep(2 * t.short)
	t.lease.Duration = long
	t.end(t.begin(dedupe.Skip), 0)
	t.begin(dedupe.Process)
}

func testDisconnectedOrphan(t *tester) {
	t.lease.Duration = 4 * t.short
	t.within(4*t.short, func() {
		t.abandon(t.begin(dedupe.Process))
		t.begin(dedupe.ComeBack)
	})
	time.Sleep(5 * t.short)
	t.begin(dedupe.Process)
}

// A handler outlasts its lease and fails: its process is alive, and knows.
func testFailedAfterLease(t *tester) {
	t.lease.Duration, t.lease.OrphansProcessed = t.short, true
	slow := t.begin(dedupe.Process)
	time.Sleep(2 * t.short)
	t.end(slow, 0)
	t.begin(dedupe.Process)
}

func testSkippedAfterLease(t *tester) {
	t.end(t.begin(dedupe.Process), long)
	t.lease.Duration = t.short
	slow := t.begin(dedupe.Skip)
	time.Sleep(2 * t.short)
	t.end(slow, 0)
	t.begin(dedupe.Process)
}

func testEndAfterLease(t *tester) {
	t.lease.Duration = t.short
	first := t.begin(dedupe.Process)
	time.Sleep(2 * t.short)
	t.end(first, long)
	t.begin(dedupe.Skip)
}

func testUndo(t *tester) {
	t.undo(idOf(0, 255)) // it never began
	first := t.begin(dedupe.Process)
	t.abandon(first)
	t.undo(first)
	t.undo(first)
	second := t.begin(dedupe.Process)
	t.end(second, long)
	t.undo(second) // too late
	skip := t.begin(dedupe.Skip)
	t.undo(skip)
	t.undo(skip)
	t.end(t.begin(dedupe.Skip), 0) // the credit was restored, once
	t.lease.Retention = t.short
	t.end(t.begin(dedupe.Process), long)
	t.undo(t.begin(dedupe.Skip))
	time.Sleep(2 * t.short)
	t.begin(dedupe.Process)
}

// A Begin overtaken by its Undo must not leave an attempt that is never ended.
func testLateBegin(t *tester) {
	late := idOf(0, 255)
	t.undo(late)
	t.repeatBegin(late, dedupe.ComeBack)
	t.abandon(late)
	first := t.begin(dedupe.Process)
	t.undo(first)
	t.repeatBegin(first, dedupe.ComeBack)
	t.abandon(first)
	t.end(t.begin(dedupe.Process), long)
	t.repeatBegin(late, dedupe.ComeBack) // it uses no credit
	skip := t.begin(dedupe.Skip)
	t.undo(skip)
	t.repeatBegin(skip, dedupe.ComeBack)
	t.end(skip, 0)
	t.end(late, long) // it adds none either
	t.end(t.begin(dedupe.Skip), 0)
	t.begin(dedupe.Process)
}

func testLateBeginOfUsedCredit(t *tester) {
	first := t.begin(dedupe.Process)
	t.end(first, long)
	t.end(t.begin(dedupe.Skip), 0)
	t.repeatBegin(first, dedupe.ComeBack)
	t.abandon(first)
	t.begin(dedupe.Process)
}

// With Undo, a Guard closes an attempt that has ended but whose Begin may be repeated.
func testUndoAfterEnd(t *tester) {
	first := t.begin(dedupe.Process)
	t.end(first, long)
	t.undo(first)
	t.repeatBegin(first, dedupe.ComeBack)
	t.abandon(first)
	t.end(t.begin(dedupe.Skip), 0)

	t.lease.Duration, t.lease.OrphansProcessed = t.short, true
	slow := t.begin(dedupe.Process)
	time.Sleep(2 * t.short)
	t.lease.Duration = long
	t.end(slow, long) // no longer an orphan's credit
	t.undo(slow)
	t.end(slow, 0)
	t.end(t.begin(dedupe.Skip), 0)
	t.begin(dedupe.Process)
}

// A response may turn out to be lost after the attempt has ended.
func testCreditAfterNone(t *tester) {
	first := t.begin(dedupe.Process)
	t.end(first, 0)
	t.end(first, long)
	t.end(first, 0) // the first call, repeated
	skip := t.begin(dedupe.Skip)
	t.end(skip, 0)
	t.end(skip, long)
	t.end(skip, 0)
	t.end(t.begin(dedupe.Skip), 0)
	t.begin(dedupe.Process)
}

// The next retry may arrive while one is being skipped.
func testSkipping(t *tester) {
	first, second := t.begin(dedupe.Process), t.begin(dedupe.Process)
	t.end(first, long)
	t.end(second, long)
	skips := []dedupe.AttemptID{t.begin(dedupe.Skip), t.begin(dedupe.Skip)}
	t.begin(dedupe.ComeBack)
	t.end(skips[0], 0)
	t.begin(dedupe.ComeBack)
	t.end(skips[1], long)
	t.end(t.begin(dedupe.Skip), 0)
	t.begin(dedupe.Process)
}

func testSkippingIsOver(t *tester) {
	t.end(t.begin(dedupe.Process), long)
	undone := t.begin(dedupe.Skip)
	t.begin(dedupe.ComeBack)
	t.undo(undone)
	t.lease.Duration = t.short
	t.within(t.short, func() {
		t.begin(dedupe.Skip) // and its process dies
		t.begin(dedupe.ComeBack)
	})
	time.Sleep(2 * t.short)
	t.lease.Duration = long
	t.end(t.begin(dedupe.Skip), 0)
	t.begin(dedupe.Process)
}

func testUndoAfterLease(t *tester) {
	t.end(t.begin(dedupe.Process), long)
	t.lease.Duration = t.short
	skip := t.begin(dedupe.Skip)
	time.Sleep(2 * t.short)
	t.undo(skip) // it has restored its credit already
	t.lease.Duration = long
	t.end(t.begin(dedupe.Skip), 0)
	t.end(t.begin(dedupe.Process), 0)

	t.lease.Duration, t.lease.OrphansProcessed = t.short, true
	orphan := t.begin(dedupe.Process)
	time.Sleep(2 * t.short)
	t.undo(orphan)
	t.begin(dedupe.Process)
}

func testOrphansCreditEnds(t *tester) {
	t.lease = dedupe.Lease{Duration: t.short, Retention: 4 * t.short, OrphansProcessed: true}
	t.within(5*t.short, func() {
		first := t.begin(dedupe.Process)
		time.Sleep(2 * t.short)
		t.end(first, long) // a credit already, until 5 * t.short
	})
	time.Sleep(3*t.short + t.short/2)
	t.lease.Duration = long
	t.begin(dedupe.Process)
}

func testComeBackChangesNothing(t *tester) {
	first := t.begin(dedupe.Process)
	t.abandon(first)
	t.lease.Duration, t.lease.OrphansProcessed = t.short, true
	t.begin(dedupe.ComeBack)
	t.end(first, 0)
	time.Sleep(2 * t.short)
	t.begin(dedupe.Process)
}

func testLeaseOfRepeatedBegin(t *tester) {
	t.lease.Duration = 4 * t.short
	t.within(4*t.short, func() {
		first := t.begin(dedupe.Process)
		t.abandon(first)
		time.Sleep(t.short)
		t.lease.Duration = long
		t.repeatBegin(first, dedupe.Process) // its lease does not change
		t.begin(dedupe.ComeBack)
	})
	time.Sleep(4 * t.short)
	t.begin(dedupe.Process)
}

func testOneOfTwo(t *tester) {
	first, second := t.begin(dedupe.Process), t.begin(dedupe.Process)
	t.abandon(first)
	t.end(first, 0)
	third := t.begin(dedupe.Process) // second's sender is still connected
	t.abandon(third)
	t.undo(second)
	t.begin(dedupe.ComeBack)
}

func testRepeatedEnd(t *tester) {
	first := t.begin(dedupe.Process)
	t.end(first, long)
	skip := t.begin(dedupe.Skip)
	t.end(first, long) // its credit was used up
	t.end(skip, long)
	t.end(skip, long)
	t.end(t.begin(dedupe.Skip), 0)
	t.end(first, long)
	t.end(skip, long)
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
	t.abandon(idOf(0, 255))
	t.end(idOf(0, 255), 0)
	t.begin(dedupe.Process)
	t.abandon(idOf(0, 255))
	t.begin(dedupe.Process)
	t.end(idOf(0, 254), long)
	t.begin(dedupe.Skip)
}

func testRepeatedCalls(t *tester) {
	first := t.begin(dedupe.Process)
	t.repeatBegin(first, dedupe.Process)
	t.end(first, long)
	t.end(first, long) // one credit
	skip := t.begin(dedupe.Skip)
	t.repeatBegin(skip, dedupe.Skip)
	t.end(skip, 0)
	t.end(skip, 0)
	t.abandon(skip)
	third := t.begin(dedupe.Process)
	t.abandon(third)
	t.repeatBegin(third, dedupe.Process)
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
		t.end(idOf(2, byte(i)), long)
	}
	for i := range deliveries {
		wg.Go(func() {
			d, err := t.store.Begin(t.Context(), t.fingerprint, idOf(1, byte(i)), t.lease)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			decisions[d]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if decisions[dedupe.Skip] != credits || decisions[dedupe.ComeBack] != deliveries-credits {
		t.Errorf("%d deliveries with %d credits: %v", deliveries, credits, decisions)
	}
}

// Concurrent deliveries leave and use up credits: none gets lost or doubled.
func testAtomicity(t *tester) {
	const workers, deliveries = 10, 20
	var handled, skipped atomic.Int64
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() {
			for i := range deliveries {
				id := idOf(byte(worker+1), byte(i))
				switch d, err := t.store.Begin(t.Context(), t.fingerprint, id, t.lease); {
				case err != nil:
					t.Error(err)
				case d == dedupe.Process && i%4 == 3:
					t.try("Undo", t.store.Undo(t.Context(), t.fingerprint, id))
				case d == dedupe.Process:
					handled.Add(1)
					t.try("Abandon", t.store.Abandon(t.Context(), t.fingerprint, idOf(255, 255)))
					t.try("End", t.store.End(t.Context(), t.fingerprint, id, long))
				case d == dedupe.Skip:
					skipped.Add(1)
					t.try("End", t.store.End(t.Context(), t.fingerprint, id, 0))
				}
			}
		})
	}
	wg.Wait()
	for range handled.Load() - skipped.Load() {
		t.end(t.begin(dedupe.Skip), 0)
	}
	t.begin(dedupe.Process)
}

// try reports an error from a goroutine.
func (t *tester) try(call string, err error) {
	if err != nil {
		t.Errorf("%s: %v", call, err)
	}
}

// A call whose context is done may fail or succeed, but not half.
func testContext(t *tester) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = t.store.Begin(ctx, t.fingerprint, idOf(0, 1), t.lease)
	t.end(idOf(0, 1), 0)
	t.attempts++
	t.begin(dedupe.Process)
}
