// Package receiver receives, verifies and keeps deliveries, and forwards them to the application.
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
	maxUnderWay = 1024             // deliveries received and not answered yet; more are answered with 503
	keepTimeout = 10 * time.Second // for the database
)

// A Receiver is an [http.Handler] that accepts deliveries at every path.
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

// A Config configures a Receiver.
type Config struct {
	Store    *store.Store
	Secrets  []string              // none: deliveries are not verified
	Target   *url.URL              // the application; nil: deliveries are answered here
	Client   *forward.Client       // sends to the application; nil without a Target
	Arrived  func(*store.Delivery) // called before a kept delivery is forwarded
	Answered func(*store.Delivery) // called after a kept delivery is answered
	Overload func(reason string)   // called for each delivery that is answered with 503
	Loop     func()                // called for each delivery that comes back because Target leads here
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
// One that can't be kept is answered with 503.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if r.refuse(w, request) {
		return
	}
	d, refusal := r.receive(request) // before admission: senders of half a delivery keep nobody out
	select {
	case r.admission <- struct{}{}:
		defer func() { <-r.admission }()
	default:
		r.comeBack(w, "too many deliveries are in progress")
		return
	}
	err := r.take(request, d, refusal)
	if err != nil {
		r.comeBack(w, "the database failed: "+err.Error())
	} else {
		passBack(w, d.Answer)
	}
	if isKept := d.ID > 0; isKept { // perhaps without its answer
		r.answered(d)
	}
}

// UnderWay returns how many deliveries are received and not answered yet.
func (r *Receiver) UnderWay() int { return len(r.admission) }

// take keeps and answers a delivery. With an application, it writes the delivery before forwarding
// it, and then the answer.
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
		err = nil // dropped meanwhile, because so many came: the application's answer is still valid
	}
	return err
}

// keep writes to the database, even if the sender has disconnected.
func (r *Receiver) keep(request *http.Request, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(request.Context()), keepTimeout)
	defer cancel()
	return write(ctx)
}

func (r *Receiver) comeBack(w http.ResponseWriter, reason string) {
	r.overload(reason)
	w.Header().Set("Retry-After", "1")
	http.Error(w, "urlrhook can't keep up: send the delivery again", http.StatusServiceUnavailable)
}

// ownAnswer returns the library's answer, without an application or a whole body to forward.
func ownAnswer(d *store.Delivery, refusal error) store.Answer {
	answer := store.Answer{At: time.Now().UTC(), Status: core.StatusCode(refusal), Duration: time.Since(d.Received)}
	if refusal != nil {
		answer.Header = http.Header{"Content-Type": {"application/problem+json"}}
		answer.Body, _ = json.Marshal(problem.For(core.Reason(refusal))) // strings and a number
	}
	return answer
}

// passBack gives the answer to the sender.
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
	_, _ = w.Write(a.Body) // the sender may have disconnected
}
