// Package redisurlr keeps the state of a [dedupe.Guard] in Redis, so that several processes can
// serve the same endpoint.
//
//	client := redis.NewClient(&redis.Options{
//		Addr:        "localhost:6379",
//		DialTimeout: time.Second, ReadTimeout: time.Second, WriteTimeout: time.Second,
//		MaxRetries:  1, DialerRetries: 1,
//	})
//	guard := dedupe.New(redisurlr.New(client))
//
// While Redis is down, deliveries get a 503 response unless [dedupe.WithProcessOnStoreFailure] is
// set. That takes at most two seconds with the options above (leave out DialerRetries if your
// version of go-redis has no such option), and ten with the defaults of go-redis. It must be shorter
// than the sender's timeout.
//
// # Requirements
//
// Redis 7.0 or later, with append-only persistence, appendfsync always and the eviction policy
// noeviction. Without them Redis can forget a credit, so that a retry counts twice, or forget that
// a credit was used, so that the next genuine click with the same body is skipped. Failing over to
// a replica that lags behind has the same effect. docs/operations.md has the cost of these settings
// and describes the others.
//
// This module requires go-redis v9.7.3 or later. Some earlier versions can mix up responses after a
// timeout (GO-2025-3540), so that a delivery gets the decision made for another. No vulnerability
// is known in v9.7.3. The tests pass with that version and with the newest.
//
// # Cost
//
// A delivery takes two round trips; its response waits for the first. Deliveries that begin, or end,
// at the same time share them. Each store call is one atomic Lua script, and repeating it has no
// effect. Its cost does not depend on how many deliveries of the same body are in progress, so a
// popular link does not slow down the others.
//
// # State
//
// Each attempt in progress has one key, which expires with its lease. A fingerprint has one more
// key, a sorted set, while it has anything unusual: an attempt that defers other deliveries or
// becomes a credit when its lease ends, a credit, or an attempt whose store calls may still arrive.
// The set holds at most 1,024 credits, and as many of the last kind.
//
// All keys of a fingerprint share a hash slot, as Redis Cluster requires. Their names are the
// prefix, the fingerprint in braces, and ":unusual" or ":" and the attempt's ID. state.lua has the
// details.
//
// Every key expires. Deliveries that were acknowledged at once leave no keys behind; skipped
// retries and failed store calls leave one for an hour. All times are those of the Redis server.
package redisurlr

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/batch"
)

// DefaultPrefix is the default of [WithPrefix].
const DefaultPrefix = "urlr:dedupe:"

// A Store is a [dedupe.Store] in Redis. It is safe for concurrent use.
type Store struct {
	client redis.UniversalClient
	prefix string
	begins *batch.Queue[*scriptCall] // nil: each goes alone
	ends   *batch.Queue[*scriptCall]
}

var _ dedupe.Store = (*Store)(nil)

// An Option configures a [Store].
type Option func(*Store)

// WithPrefix sets the prefix of all key names. Endpoints that share a Redis server but not their
// clicks need different prefixes. The default is [DefaultPrefix].
//
// Redis Cluster hashes only what is in the first braces. If the prefix has braces, all keys have the
// same hash slot. WithPrefix panics if there is nothing in them, because then the keys of a
// fingerprint would have different slots.
func WithPrefix(prefix string) Option {
	if _, after, found := strings.Cut(prefix, "{"); found && strings.HasPrefix(after, "}") {
		panic(fmt.Sprintf("urlr: redisurlr.WithPrefix(%q): fill the braces or leave them out", prefix))
	}
	return func(s *Store) { s.prefix = prefix }
}

// New returns a Store that uses client, which may be a client of a single server, of Sentinel or of
// a cluster. It panics if client or an option is nil.
func New(client redis.UniversalClient, opts ...Option) *Store {
	if v := reflect.ValueOf(client); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		panic("urlr: redisurlr.New: nil client")
	}
	s := &Store{client: client, prefix: DefaultPrefix, ends: newPipeline(client)}
	if _, ok := client.(*redis.Client); ok { // in a cluster, a slow node would delay the others
		s.begins = newPipeline(client)
	}
	for _, opt := range opts {
		if opt == nil {
			panic("urlr: redisurlr.New: nil option")
		}
		opt(s)
	}
	return s
}

// Begin implements [dedupe.Store].
func (s *Store) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	decision, err := s.begin(ctx, s.newScriptCall(beginScript, fingerprint, id, milliseconds(lease.Duration),
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
		return 0, fmt.Errorf("urlr: Redis returned unknown decision %q", decision)
	}
}

func (s *Store) begin(ctx context.Context, c *scriptCall) (string, error) {
	if s.begins == nil {
		return s.call(ctx, c)
	}
	return runIn(ctx, s.begins, c)
}

// Abandon implements [dedupe.Store].
func (s *Store) Abandon(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	_, err := s.call(ctx, s.newScriptCall(abandonScript, fingerprint, id))
	return err
}

// Undo implements [dedupe.Store].
func (s *Store) Undo(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	_, err := s.call(ctx, s.newScriptCall(undoScript, fingerprint, id))
	return err
}

// End implements [dedupe.Store].
func (s *Store) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	_, err := runIn(ctx, s.ends, s.newScriptCall(endScript, fingerprint, id, milliseconds(credit)))
	return err
}

func (s *Store) call(ctx context.Context, c *scriptCall) (string, error) {
	c.run(ctx, s.client)
	return c.result, wrap(c.err)
}

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("urlr: Redis: %w", err)
	}
	return nil
}
