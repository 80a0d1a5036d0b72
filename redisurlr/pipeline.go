package redisurlr

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// A pipeline batches calls. Those made while a batch is in transit share the next round trip, so a
// busy server needs few of them.
type pipeline struct {
	client    redis.UniversalClient
	inTransit chan struct{} // full while a batch is in transit
	maxWait   time.Duration

	mu   sync.Mutex
	next *batch // the batch that calls may still join, or nil
}

func newPipeline(client redis.UniversalClient) *pipeline {
	return &pipeline{client: client, inTransit: make(chan struct{}, 1), maxWait: maxWait}
}

const (
	// maxWait is the longest that a batch waits for the one in transit. Otherwise, a server that
	// does not respond would cost a call the timeouts of two batches.
	maxWait = 50 * time.Millisecond

	// batchTime is how long the client may go on with a batch. It retries a pipeline, and the
	// handshake of each new connection, so its own timeouts add up to a multiple.
	batchTime = 2 * time.Second
)

type batch struct {
	calls []*scriptCall
	sent  chan struct{} // closed when each call has its result
}

// run makes a call and returns its result. The first call of a batch sends the batch. The others
// stop waiting when their context is done; the call may have been sent by then.
func (p *pipeline) run(ctx context.Context, c *scriptCall) (string, error) {
	b, isFirst := p.join(c)
	if isFirst {
		p.send(context.WithoutCancel(ctx), b) // one canceled call must not cancel the others
		return c.result, c.err
	}
	select {
	case <-b.sent:
		return c.result, c.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (p *pipeline) join(c *scriptCall) (b *batch, isFirst bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next, isFirst = &batch{sent: make(chan struct{})}, true
	}
	p.next.calls = append(p.next.calls, c)
	return p.next, isFirst
}

var errNotSent = errors.New("the client panicked")

// send sends b when the previous batch is done, or after maxWait. Until then, more calls may join it.
func (p *pipeline) send(ctx context.Context, b *batch) {
	if p.enter() {
		defer func() { <-p.inTransit }()
	}
	ctx, cancel := context.WithTimeout(ctx, batchTime)
	defer cancel()
	p.mu.Lock()
	p.next = nil
	p.mu.Unlock()
	defer close(b.sent)
	for _, c := range b.calls {
		c.err = errNotSent
	}
	b.run(ctx, p.client)
}

// enter waits until no batch is in transit. It reports false after maxWait.
func (p *pipeline) enter() bool {
	select {
	case p.inTransit <- struct{}{}:
		return true
	default:
	}
	timer := time.NewTimer(p.maxWait)
	defer timer.Stop()
	select {
	case p.inTransit <- struct{}{}:
		return true
	case <-timer.C:
		return false
	}
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
