package redisurlr

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/urlr-community/webhooks-go/internal/batch"
)

// batchTime is how long the client may go on with a batch. It retries a pipeline, and the handshake
// of each new connection, so its own timeouts add up to a multiple.
const batchTime = 2 * time.Second

// newPipeline returns a Queue whose calls share round trips.
func newPipeline(client redis.UniversalClient) *batch.Queue[*scriptCall] {
	return batch.New(batchTime, func(ctx context.Context, take func() []*scriptCall) error {
		pipeline(ctx, client, take())
		return nil // each call has its own error
	})
}

// runIn makes a call and returns its result.
func runIn(ctx context.Context, q *batch.Queue[*scriptCall], c *scriptCall) (string, error) {
	if err := q.Run(ctx, c); err != nil {
		return "", wrap(err)
	}
	return c.result, wrap(c.err)
}

// pipeline makes calls in one round trip.
func pipeline(ctx context.Context, client redis.UniversalClient, calls []*scriptCall) {
	if len(calls) == 1 {
		calls[0].run(ctx, client)
		return
	}
	sent := make([]*redis.Cmd, len(calls))
	_, err := client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, c := range calls {
			sent[i] = c.script.EvalSha(ctx, p, c.keys, c.args...)
		}
		return nil
	})
	for i, c := range calls {
		c.result, c.err = sent[i].Text()
		if wasSent := sent[i].Err() != nil || sent[i].Val() != nil; !wasSent && err != nil {
			c.err = err // the client got no connection, or a hook refused: neither need set the commands' errors
		}
		if redis.HasErrorPrefix(c.err, "NOSCRIPT") {
			c.run(ctx, client)
		}
	}
}
