// Package receiver receives deliveries, verifies and keeps them, and forwards them to the application.
package receiver

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/problem"
)

const (
	maxUnderWay = 1024             // deliveries at a time, received and unanswered; others are told to come back
	keepTimeout = 10 * time.Second // for the database
)

// A Receiver is an [http.Handler] that takes deliveries on every path.
type Receiver struct {
	store     *store.Store
	verifier  *core.Verifier // nil: unchecked
	target    *url.URL       // nil: nothing is forwarded
	client    *forward.Client
	arrived   func(*store.Delivery)
	answered  func(*store.Delivery)
	overload  func(reason string)
	loop      func()
	via       string // names this receiver in what it forwards
	admission chan struct{}
}

// A Config is what a Receiver needs.
type Config struct {
	Store    *store.Store
	Secrets  []string              // none: deliveries are not verified
	Target   *url.URL              // the application; nil: deliveries are answered here
	Client   *forward.Client       // sends to the application; nil without one
	Arrived  func(*store.Delivery) // called for each delivery that is going to be forwarded, once it is kept
	Answered func(*store.Delivery) // called for each kept delivery, once it is answered
	Overload func(reason string)   // called for each delivery that was told to come back
	Loop     func()                // called for each delivery that came back because Target leads here
}

// New returns a Receiver.
func New(cfg Config) (*Receiver, error) {
	r := &Receiver{
		store: cfg.Store, target: cfg.Target, client: cfg.Client,
		arrived: cfg.Arrived, answered: cfg.Answered, overload: cfg.Overload, loop: cfg.Loop,
		via: "1.1 urlrhook-" + rand.Text(), admission: make(chan struct{}, maxUnderWay),
	}
	if len(cfg.Secrets) > 0 {
		verifier, err := core.NewVerifier(cfg.Secrets[0], core.WithSecrets(cfg.Secrets[1:]...))
		if err != nil {
			return nil, err
		}
		r.verifier = verifier
	}
	return r, nil
}

// ServeHTTP implements [http.Handler]. A delivery is on disk before it is forwarded or answered.
// One that can't be kept is told to come back.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if r.refuse(w, request) {
		return
	}
	d, refusal := r.receive(request) // before it counts as under way: who sends but half of it keeps nobody out
	select {
	case r.admission <- struct{}{}:
		defer func() { <-r.admission }()
	default:
		r.comeBack(w, "more deliveries are under way than it can take")
		return
	}
	err := r.take(request, d, refusal)
	if err != nil {
		r.comeBack(w, "the database takes no more: "+err.Error())
	} else {
		passBack(w, d.Answer)
	}
	if isKept := d.ID > 0; isKept { // maybe without its answer
		r.answered(d)
	}
}

// UnderWay returns how many deliveries were received and are not answered yet.
func (r *Receiver) UnderWay() int { return len(r.admission) }

// take keeps and answers a delivery. With an application, it is on disk before it is forwarded, and
// again with the answer.
func (r *Receiver) take(request *http.Request, d *store.Delivery, refusal error) error {
	if r.target == nil || !d.IsWhole() {
		d.Answer = ownAnswer(d, refusal)
		return r.keep(request, func(ctx context.Context) error { return r.store.Add(ctx, d) })
	}
	if err := r.keep(request, func(ctx context.Context) error { return r.store.Add(ctx, d) }); err != nil {
		return err
	}
	r.arrived(d)
	d.Answer = r.client.Send(request.Context(), r.target, r.marked(d))
	err := r.keep(request, func(ctx context.Context) error { return r.store.SetAnswer(ctx, d.ID, d.Answer) })
	if errors.Is(err, store.ErrNotFound) {
		err = nil // more came meanwhile than the store keeps: the application's answer counts nevertheless
	}
	return err
}

// keep writes to the database, even if the sender is gone.
func (r *Receiver) keep(request *http.Request, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(request.Context()), keepTimeout)
	defer cancel()
	return write(ctx)
}

func (r *Receiver) comeBack(w http.ResponseWriter, reason string) {
	r.overload(reason)
	w.Header().Set("Retry-After", "1")
	http.Error(w, "urlrhook can't keep up: send it again", http.StatusServiceUnavailable)
}

// ownAnswer is the library's, where there is no application, or no whole body to forward.
func ownAnswer(d *store.Delivery, refusal error) store.Answer {
	answer := store.Answer{At: time.Now().UTC(), Status: core.StatusCode(refusal), Duration: time.Since(d.Received)}
	if refusal != nil {
		answer.Header = http.Header{"Content-Type": {"application/problem+json"}}
		answer.Body, _ = json.Marshal(problem.For(core.Reason(refusal))) // strings and a number
	}
	return answer
}

// passBack answers the sender as the delivery was answered.
func passBack(w http.ResponseWriter, a store.Answer) {
	if a.Status == 0 {
		http.Error(w, "urlrhook got no answer from the application", http.StatusBadGateway)
		return
	}
	for name, values := range a.Header {
		w.Header()[name] = values
	}
	if a.Header["Content-Type"] == nil {
		w.Header()["Content-Type"] = nil // or net/http would guess one
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // the sender may be gone
}
