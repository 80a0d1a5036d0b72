package brokertest

import (
	"context"
	"database/sql"
	"sync"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/pgtest"
	"github.com/urlr-community/webhooks-go/sqlurlr"
	"github.com/urlr-community/webhooks-go/watermillurlr"
)

// schema stores payloads as bytes.
var schema = watermillsql.DefaultPostgreSQLSchema{GeneratePayloadType: func(string) string { return "BYTEA" }}

// With watermill-sql's publisher in sqlurlr's transaction, each click has one effect and one
// message, even though Postgres crashes.
func TestOutboxInPostgresThatCrashes(t *testing.T) {
	server := pgtest.Start(t)
	db, err := sql.Open("pgx", server.URL("postgres"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	db.SetMaxOpenConns(20)
	store := sqlurlr.New(db, sqlurlr.Postgres)
	require.NoError(t, store.Create(t.Context()))
	_, err = db.ExecContext(t.Context(), `CREATE TABLE effects (label TEXT NOT NULL)`)
	require.NoError(t, err)
	consumed := consumeOutbox(t, db)

	want := sendClicks(t, clickCount(t, "870"), dedupe.New(store), store.Handler(recordWithMessage), func() {
		for range 2 {
			server.Stop(t)
			time.Sleep(outage)
			server.Restart(t)
			time.Sleep(outage)
		}
	})
	requireSame(t, want, effects(t, db))
	require.Equal(t, sum(want), countRows(t, db, `watermill_clicks`), "messages")
	allConsumed := func() bool { return consumed.count() >= sum(want) }
	assert.Eventually(t, allConsumed, 30*time.Second, 10*time.Millisecond)
	requireSame(t, want, consumed.byLabel())
}

// recordWithMessage is a receiver's handler: it has an effect and publishes the click.
func recordWithMessage(ctx context.Context, tx *sql.Tx, click *core.Event) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO effects (label) VALUES ($1)`, click.Link.Label); err != nil {
		return err
	}
	config := watermillsql.PublisherConfig{SchemaAdapter: schema}
	outbox, err := watermillsql.NewPublisher(watermillsql.TxFromStdSQL(tx), config, nil)
	if err != nil {
		return err
	}
	return watermillurlr.Publish(outbox, topic)(ctx, click)
}

func countRows(t *testing.T, db *sql.DB, table string) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&n))
	return n
}

func effects(t *testing.T, db *sql.DB) map[string]int {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT label, count(*) FROM effects GROUP BY label`)
	require.NoError(t, err)
	defer rows.Close() //nolint:errcheck // rows.Err has what went wrong
	counts := map[string]int{}
	for rows.Next() {
		var label string
		var n int
		require.NoError(t, rows.Scan(&label, &n))
		counts[label] = n
	}
	require.NoError(t, rows.Err())
	return counts
}

// consumeOutbox starts a consumer of the outbox, until the test ends, and returns what it gets.
func consumeOutbox(t *testing.T, db *sql.DB) *messages {
	t.Helper()
	subscriber, err := watermillsql.NewSubscriber(watermillsql.BeginnerFromStdSQL(db), watermillsql.SubscriberConfig{
		SchemaAdapter: schema, OffsetsAdapter: watermillsql.DefaultPostgreSQLOffsetsAdapter{}, InitializeSchema: true,
		PollInterval: 20 * time.Millisecond, RetryInterval: 20 * time.Millisecond,
	}, watermill.NopLogger{})
	require.NoError(t, err)
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: 5 * time.Second}, nil)
	require.NoError(t, err)
	got := &messages{labels: map[string]string{}}
	router.AddConsumerHandler("count", topic, subscriber, got.add)
	ran := make(chan error, 1)
	go func() { ran <- router.Run(context.WithoutCancel(t.Context())) }()
	<-router.Running()
	t.Cleanup(func() {
		assert.NoError(t, router.Close())
		assert.NoError(t, <-ran)
	})
	return got
}

// messages holds what a consumer got, each message once: a broker may deliver one again, with the
// same UUID.
type messages struct {
	mu     sync.Mutex
	labels map[string]string // by UUID
}

func (s *messages) add(m *message.Message) error {
	return watermillurlr.Consume(func(_ context.Context, click *core.Event) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.labels[m.UUID] = click.Link.Label
		return nil
	})(m)
}

func (s *messages) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.labels)
}

func (s *messages) byLabel() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for _, label := range s.labels {
		counts[label]++
	}
	return counts
}
