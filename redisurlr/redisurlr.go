// Package redisurlr keeps in Redis what a [dedupe.Guard] knows, for several processes that serve the
// same endpoint.
//
//	client := redis.NewClient(&redis.Options{
//		Addr:        "localhost:6379",
//		DialTimeout: time.Second, ReadTimeout: time.Second, WriteTimeout: time.Second,
//		MaxRetries:  1, DialerRetries: 1,
//	})
//	guard := dedupe.New(redisurlr.New(client))
//
// While Redis is down, deliveries are answered with 503, unless [dedupe.WithProcessOnStoreFailure]
// says otherwise. With these options that takes two seconds at most, with go-redis' defaults ten. It
// must be sooner than the sender gives up.
//
// # Steps
//
// A delivery takes two round trips, and its answer waits for one of them. Deliveries that end at the
// same time share the second one. Each step is a Lua script that changes everything or nothing. One
// that the client repeats, because it got no answer to it, changes nothing the second time. A step
// takes no longer for a body with thousands of attempts under way, so a popular link does not slow the
// others.
//
// # State
//
// Each attempt under way has a key, until its lease ends. A fingerprint has one more key, a sorted
// set, as long as anything unusual is known of it: an attempt that makes other deliveries come back or
// becomes a credit when its lease ends, a credit, or an attempt whose steps may still arrive. It has at
// most 1,024 credits, and as many of the last. All keys of a fingerprint are in one hash slot, so it
// works on Redis Cluster. Their names are the prefix, the fingerprint in braces, and ":unusual" or ":"
// and the attempt's id. state.lua has the details.
//
// Every key expires. Deliveries that were acknowledged at once leave none behind, skipped retries and
// failed steps leave one for an hour. All times are the server's.
//
// # Requirements
//
// Redis 7.0 or later. If Redis forgets a credit, the retry counts twice. If it forgets that a credit was
// taken, a click is lost: the credit is there again, and the next genuine click with the same body is
// skipped. Both happen after a failover to a replica that lags behind, and after a power failure
// without appendfsync always. So use the eviction policy noeviction and append-only persistence with
// appendfsync always. What that costs, and the other settings, is in docs/operations.md.
//
// This module requires go-redis v9.7.3 or later. Some earlier versions can hand out the answers to
// commands in the wrong order after a timeout (GO-2025-3540), so that a delivery gets the decision on
// another. No vulnerability is known in v9.7.3. The tests pass with that version and with the newest.
package redisurlr

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// DefaultPrefix begins the names of all keys, unless [WithPrefix] says otherwise.
const DefaultPrefix = "urlr:dedupe:"

// A Store is a [dedupe.Store] in Redis. It is safe for concurrent use.
type Store struct {
	client redis.UniversalClient
	prefix string
	begins *pipeline // nil: each goes alone
	ends   *pipeline
}

var _ dedupe.Store = (*Store)(nil)

// An Option changes a [Store].
type Option func(*Store)

// WithPrefix begins the names of all keys with prefix. Default: [DefaultPrefix]. Endpoints that share
// a Redis but not their clicks need different ones.
func WithPrefix(prefix string) Option {
	return func(s *Store) { s.prefix = prefix }
}

// New returns a store over client: a client of one server, of Sentinel or of a cluster. It panics if
// client or an option is nil.
func New(client redis.UniversalClient, opts ...Option) *Store {
	if v := reflect.ValueOf(client); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		panic("urlr: redisurlr.New needs a client, got nil: make one with redis.NewUniversalClient")
	}
	s := &Store{client: client, prefix: DefaultPrefix, ends: &pipeline{client: client}}
	if _, ok := client.(*redis.Client); ok { // in a cluster, one slow node would delay the others' deliveries
		s.begins = &pipeline{client: client}
	}
	for _, opt := range opts {
		if opt == nil {
			panic("urlr: redisurlr.New got a nil Option: leave it out")
		}
		opt(s)
	}
	return s
}

// Begin implements [dedupe.Store].
func (s *Store) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	decision, err := s.begin(ctx, s.newStep(beginScript, fingerprint, id, milliseconds(lease.Duration),
		milliseconds(lease.Retention), lease.OrphansProcessed, lease.Exclusive))
	switch {
	case err != nil:
		return 0, err
	case decision == "process":
		return dedupe.Process, nil
	case decision == "skip":
		return dedupe.Skip, nil
	case decision == "come back":
		return dedupe.ComeBack, nil
	default:
		return 0, fmt.Errorf("urlr: Redis decided %q, which is no decision", decision)
	}
}

func (s *Store) begin(ctx context.Context, step *step) (string, error) {
	if s.begins == nil {
		return s.run(ctx, step)
	}
	decision, err := s.begins.run(ctx, step)
	return decision, wrap(err)
}

// Abandon implements [dedupe.Store].
func (s *Store) Abandon(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	_, err := s.run(ctx, s.newStep(abandonScript, fingerprint, id))
	return err
}

// Undo implements [dedupe.Store].
func (s *Store) Undo(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	_, err := s.run(ctx, s.newStep(undoScript, fingerprint, id))
	return err
}

// End implements [dedupe.Store].
func (s *Store) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	_, err := s.ends.run(ctx, s.newStep(endScript, fingerprint, id, milliseconds(credit)))
	return wrap(err)
}

func (s *Store) run(ctx context.Context, step *step) (string, error) {
	step.run(ctx, s.client)
	return step.result, wrap(step.err)
}

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("urlr: Redis: %w", err)
	}
	return nil
}
