// Package redisurlr keeps in Redis what a [dedupe.Guard] knows, for several processes that serve the same endpoint.
//
//	client := redis.NewClient(&redis.Options{
//		Addr:        "localhost:6379",
//		DialTimeout: time.Second, ReadTimeout: time.Second, WriteTimeout: time.Second,
//		MaxRetries:  1, DialerRetries: 1,
//	})
//	guard := dedupe.New(redisurlr.New(client))
//
// While Redis is down, deliveries are answered with 503, unless [dedupe.WithProcessOnStoreFailure] says otherwise: with these options within
// two seconds, with go-redis' defaults after up to five. It must be sooner than the sender gives up.
//
// Each step is one round trip: a Lua script on one key for each fingerprint, so it works on Redis Cluster. All times are the
// server's, and every key expires. Deliveries that were acknowledged at once leave no key behind, skipped retries one for up to an hour. A
// step that the client repeats, because it got no answer to it, changes nothing the second time. Redis 7.0 or later is needed.
//
// If Redis forgets a credit, the retry counts twice. Use the eviction policy noeviction, and append-only persistence: with Redis' default,
// appendfsync everysec, a power failure takes what came in the last second; with always, nothing. A failover, of Sentinel or a cluster, may
// take what the replica did not have yet.
//
// A step takes time in proportion to what there is of its fingerprint: twins that are under way, and at most 1,024 credits and as many that were
// taken within the last hour. Redis waits for it.
package redisurlr

import (
	"context"
	_ "embed"
	"encoding/hex"
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
}

var _ dedupe.Store = (*Store)(nil)

// An Option changes a [Store].
type Option func(*Store)

// WithPrefix begins the names of all keys with prefix. Default: [DefaultPrefix]. Endpoints that share a Redis but not their clicks
// need different ones.
func WithPrefix(prefix string) Option {
	return func(s *Store) { s.prefix = prefix }
}

// New returns a store over client: a client of one server, of Sentinel or of a cluster. It panics if client or an option is nil.
func New(client redis.UniversalClient, opts ...Option) *Store {
	if v := reflect.ValueOf(client); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		panic("urlr: redisurlr.New needs a client, got nil: make one with redis.NewUniversalClient")
	}
	s := &Store{client: client, prefix: DefaultPrefix}
	for _, opt := range opts {
		if opt == nil {
			panic("urlr: redisurlr.New got a nil Option: leave it out")
		}
		opt(s)
	}
	return s
}

var (
	//go:embed state.lua
	state string
	//go:embed begin.lua
	begin string
	//go:embed abandon.lua
	abandon string
	//go:embed undo.lua
	undo string
	//go:embed end.lua
	end string

	beginScript   = redis.NewScript(state + begin)
	abandonScript = redis.NewScript(state + abandon)
	undoScript    = redis.NewScript(state + undo)
	endScript     = redis.NewScript(state + end)
)

// Begin implements [dedupe.Store].
func (s *Store) Begin(ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease) (dedupe.Decision, error) {
	decision, err := s.run(ctx, beginScript, fingerprint, id, milliseconds(lease.Duration), milliseconds(lease.Retention),
		lease.OrphansProcessed, lease.Exclusive, milliseconds(dedupe.BookkeepingTime))
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

// Abandon implements [dedupe.Store].
func (s *Store) Abandon(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	_, err := s.run(ctx, abandonScript, fingerprint, id)
	return err
}

// Undo implements [dedupe.Store].
func (s *Store) Undo(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	_, err := s.run(ctx, undoScript, fingerprint, id)
	return err
}

// End implements [dedupe.Store].
func (s *Store) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	_, err := s.run(ctx, endScript, fingerprint, id, milliseconds(credit))
	return err
}

func (s *Store) run(ctx context.Context, script *redis.Script, fingerprint string, id dedupe.AttemptID, args ...any) (string, error) {
	key := s.prefix + "{" + fingerprint + "}" // the braces choose the slot of a cluster
	result, err := script.Run(ctx, s.client, []string{key}, append([]any{hex.EncodeToString(id[:])}, args...)...).Text()
	if err != nil {
		return "", fmt.Errorf("urlr: Redis: %w", err)
	}
	return result, nil
}

// milliseconds is what Redis counts in. What is more than nothing stays more than nothing.
func milliseconds(d time.Duration) int64 {
	if d > 0 {
		return max(d.Milliseconds(), 1)
	}
	return 0
}
