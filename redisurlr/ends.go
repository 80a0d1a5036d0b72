package redisurlr

import (
	"context"
	"errors"
	"sync"

	"github.com/redis/go-redis/v9"
)

// ends batches the calls that end attempts. Those made while a batch is in transit share the next
// round trip. No response waits for them, and they are half of all calls.
type ends struct {
	client  redis.UniversalClient
	sending sync.Mutex // held while a batch is in transit

	mu   sync.Mutex
	next *batch // the batch that calls may still join, or nil
}

type batch struct {
	calls []*scriptCall
	sent  chan struct{} // closed when each call has its result
}

// run makes a call and returns its error. The first call of a batch sends the batch.
func (e *ends) run(ctx context.Context, c *scriptCall) error {
	b, isFirst := e.join(c)
	if isFirst {
		e.send(context.WithoutCancel(ctx), b) // one canceled call must not cancel the others
	}
	<-b.sent
	return c.err
}

func (e *ends) join(c *scriptCall) (b *batch, isFirst bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.next == nil {
		e.next, isFirst = &batch{sent: make(chan struct{})}, true
	}
	e.next.calls = append(e.next.calls, c)
	return e.next, isFirst
}

var errNotSent = errors.New("the client panicked")

// send sends b when the previous batch is done. Until then, more calls may join it.
func (e *ends) send(ctx context.Context, b *batch) {
	e.sending.Lock()
	defer e.sending.Unlock()
	e.mu.Lock()
	e.next = nil
	e.mu.Unlock()
	defer close(b.sent)
	for _, c := range b.calls {
		c.err = errNotSent
	}
	b.run(ctx, e.client)
}

func (b *batch) run(ctx context.Context, client redis.UniversalClient) {
	if len(b.calls) == 1 {
		b.calls[0].run(ctx, client)
		return
	}
	sent := make([]*redis.Cmd, len(b.calls))
	_, _ = client.Pipelined(ctx, func(p redis.Pipeliner) error { // each command keeps its own error
		for i, c := range b.calls {
			sent[i] = c.script.EvalSha(ctx, p, c.keys, c.args...)
		}
		return nil
	})
	for i, c := range b.calls {
		c.result, c.err = sent[i].Text()
		if redis.HasErrorPrefix(c.err, "NOSCRIPT") {
			c.run(ctx, client)
		}
	}
}
