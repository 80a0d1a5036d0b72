package sqlurlr

import (
	"context"
	"database/sql"

	"github.com/urlr-community/webhooks-go/internal/batch"
)

// maxBatch is the most calls that share a statement.
const maxBatch = 64

// newQueue returns a Queue whose calls share statements. A batch waits for a connection before it
// takes its calls.
func newQueue[T any](
	db *sql.DB, sendAll func(ctx context.Context, e executor, all []T) error,
) *batch.Queue[T] {
	q := batch.New(callTimeout, func(ctx context.Context, take func() []T) error {
		connection, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer connection.Close() //nolint:errcheck // returns it to the pool
		return sendAll(ctx, connection, take())
	})
	q.MaxSize = maxBatch
	return q
}
