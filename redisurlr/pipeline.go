package redisurlr

import (
	"context"
	"errors"
	"sync"

	"github.com/redis/go-redis/v9"
)

// A pipeline sends steps. Those that arrive while others are on their way share the next round trip,
// so that a busy server needs few of them.
type pipeline struct {
	client  redis.UniversalClient
	sending sync.Mutex // held while a batch is on its way

	mu   sync.Mutex
	next *batch // which more may join; nil: none
}

type batch struct {
	steps []*step
	sent  chan struct{} // closed when each step has its err
}

// run takes a step. The first step of a batch sends it. Another one stops waiting when its context is
// done; it may have been sent by then.
func (p *pipeline) run(ctx context.Context, s *step) (string, error) {
	b, isFirst := p.join(s)
	if isFirst {
		p.send(context.WithoutCancel(ctx), b) // the context of one is not that of the others
		return s.result, s.err
	}
	select {
	case <-b.sent:
		return s.result, s.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (p *pipeline) join(s *step) (b *batch, isFirst bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next, isFirst = &batch{sent: make(chan struct{})}, true
	}
	p.next.steps = append(p.next.steps, s)
	return p.next, isFirst
}

var errNotSent = errors.New("the client panicked")

// send sends a batch when the one before it is done. Until then, more may join it.
func (p *pipeline) send(ctx context.Context, b *batch) {
	p.sending.Lock()
	defer p.sending.Unlock()
	p.mu.Lock()
	p.next = nil
	p.mu.Unlock()
	defer close(b.sent)
	for _, s := range b.steps {
		s.err = errNotSent
	}
	b.run(ctx, p.client)
}

func (b *batch) run(ctx context.Context, client redis.UniversalClient) {
	if len(b.steps) == 1 {
		b.steps[0].run(ctx, client)
		return
	}
	sent := make([]*redis.Cmd, len(b.steps))
	_, _ = client.Pipelined(ctx, func(p redis.Pipeliner) error { // each command has its error
		for i, s := range b.steps {
			sent[i] = s.script.EvalSha(ctx, p, s.keys, s.args...)
		}
		return nil
	})
	for i, s := range b.steps {
		s.result, s.err = sent[i].Text()
		if redis.HasErrorPrefix(s.err, "NOSCRIPT") {
			s.run(ctx, client)
		}
	}
}
