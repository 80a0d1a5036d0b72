package redisurlr

import (
	"context"
	"errors"
	"sync"

	"github.com/redis/go-redis/v9"
)

// ends sends the steps that end attempts. Those that arrive while others are on their way share the
// next round trip. No answer waits for them, and they are half of all steps.
type ends struct {
	client  redis.UniversalClient
	sending sync.Mutex // held while a batch is on its way

	mu   sync.Mutex
	next *batch // which more may join; nil: none
}

type batch struct {
	steps []*step
	sent  chan struct{} // closed when each step has its err
}

// run takes a step and returns its error. The first step of a batch sends it.
func (e *ends) run(ctx context.Context, s *step) error {
	b, isFirst := e.join(s)
	if isFirst {
		e.send(context.WithoutCancel(ctx), b) // the context of one is not that of the others
	}
	<-b.sent
	return s.err
}

func (e *ends) join(s *step) (b *batch, isFirst bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.next == nil {
		e.next, isFirst = &batch{sent: make(chan struct{})}, true
	}
	e.next.steps = append(e.next.steps, s)
	return e.next, isFirst
}

var errNotSent = errors.New("the client panicked")

// send sends a batch when the one before it is done. Until then, more may join it.
func (e *ends) send(ctx context.Context, b *batch) {
	e.sending.Lock()
	defer e.sending.Unlock()
	e.mu.Lock()
	e.next = nil
	e.mu.Unlock()
	defer close(b.sent)
	for _, s := range b.steps {
		s.err = errNotSent
	}
	b.run(ctx, e.client)
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
