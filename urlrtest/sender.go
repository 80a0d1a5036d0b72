package urlrtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// A Sender delivers events as URLR does. URL and Secret are required; every other field has a default. It must not be changed while
// it sends, nor copied, and is safe for concurrent use. Its methods panic if a field is missing or impossible.
type Sender struct {
	URL        string
	Secret     string
	Generation Generation // default Latest
	Body       []byte     // sent and signed instead of the events' bodies; default: none
	Retry      Retry
	Faults     Faults
	Seed       uint64 // of everything random: the same seed and calls give the same faults, whatever the concurrency

	Concurrency int     // how many deliveries of SendAll are under way at a time; default 1
	Rate        float64 // how many deliveries SendAll begins a second at most; default: no limit

	Client    *http.Client  // default: one that follows no redirects. Where Faults.LoseAnswer strikes, only its TLS settings are used
	OnAttempt func(Attempt) // called after each attempt, concurrently

	sent atomic.Uint64 // by Send
}

// A Delivery is what became of an event.
type Delivery struct {
	Event    *core.Event
	Body     []byte // as signed
	Twin     bool   // it is the second click of Faults.Twin
	Attempts []Attempt
}

// Acknowledged reports whether the sender saw a 2xx answer.
func (d *Delivery) Acknowledged() bool {
	return len(d.Attempts) > 0 && d.Attempts[len(d.Attempts)-1].Acknowledged()
}

// An Attempt is one request of a delivery.
type Attempt struct {
	Event    *core.Event
	Number   int   // from 1
	Status   int   // 0 without an answer
	Err      error // why there is no answer
	Fault    Fault // what was made to go wrong
	Duration time.Duration
}

// Acknowledged reports whether the sender saw a 2xx answer.
func (a *Attempt) Acknowledged() bool { return a.Err == nil && a.Status/100 == 2 }

// ErrAnswerLost is the error of an attempt whose answer was made to be lost, or to come too late.
var ErrAnswerLost = errors.New("urlrtest: answer lost on purpose")

// Send delivers one event, with retries, and returns when it is acknowledged, given up or ctx is done.
func (s *Sender) Send(ctx context.Context, e *core.Event) Delivery {
	s.check()
	const streams = 1 << 63 // those below are for SendAll
	return s.deliver(ctx, e, streams+s.sent.Add(1), false)
}

// SendAll delivers events, and their twins, and returns when each is acknowledged or given up, or ctx is done. The deliveries
// are in the order of the events, a twin after its sibling. What ctx left unsent has no attempts.
func (s *Sender) SendAll(ctx context.Context, events ...*core.Event) []Delivery {
	s.check()
	var deliveries []Delivery
	for planned := range s.planned(slices.Values(events)) {
		deliveries = append(deliveries, planned)
	}
	s.send(ctx, slices.Values(deliveries), func(i int, d Delivery) { deliveries[i] = d })
	return deliveries
}

// SendEach is like [Sender.SendAll] for any number of events: it keeps none, but hands each delivery to done, concurrently, when it is
// acknowledged or given up.
func (s *Sender) SendEach(ctx context.Context, events iter.Seq[*core.Event], done func(Delivery)) {
	s.check()
	s.send(ctx, s.planned(events), func(_ int, d Delivery) { done(d) })
}

// planned yields the deliveries to make, with twins.
func (s *Sender) planned(events iter.Seq[*core.Event]) iter.Seq[Delivery] {
	return func(yield func(Delivery) bool) {
		random := rand.New(rand.NewPCG(s.Seed, 0))
		for e := range events {
			if !yield(Delivery{Event: e}) || happens(random, s.Faults.Twin) && !yield(Delivery{Event: e, Twin: true}) {
				return
			}
		}
	}
}

// send makes deliveries, and returns when all are done.
func (s *Sender) send(ctx context.Context, deliveries iter.Seq[Delivery], done func(i int, d Delivery)) {
	if s.Client == nil {
		defer defaultClient.CloseIdleConnections() // or a server that shuts down would wait for them
	}
	limit := make(chan struct{}, max(s.Concurrency, 1))
	var wait <-chan time.Time
	if s.Rate > 0 {
		ticker := time.NewTicker(max(duration(float64(time.Second)/s.Rate), 1))
		defer ticker.Stop()
		wait = ticker.C
	}
	var sending sync.WaitGroup
	defer sending.Wait()
	i := 0
	for planned := range deliveries {
		if !pause(ctx, wait) || !acquire(ctx, limit) {
			return
		}
		n := i
		sending.Go(func() {
			done(n, s.deliver(ctx, planned.Event, uint64(n)+1, planned.Twin))
			<-limit
		})
		i++
	}
}

// pause waits for a tick, if there is a ticker. It reports false if ctx is done.
func pause(ctx context.Context, tick <-chan time.Time) bool {
	if tick != nil {
		select {
		case <-tick:
		case <-ctx.Done():
		}
	}
	return ctx.Err() == nil
}

func acquire(ctx context.Context, limit chan struct{}) bool {
	select {
	case limit <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *Sender) deliver(ctx context.Context, e *core.Event, stream uint64, twin bool) Delivery {
	random := rand.New(rand.NewPCG(s.Seed, stream))
	retry := s.Retry.withDefaults()
	generation := s.Generation
	setDefault(&generation, Latest)

	d := Delivery{Event: e, Body: s.Body, Twin: twin}
	if d.Body == nil {
		d.Body = Body(e, generation)
	}
	sent := d.Body
	if happens(random, s.Faults.Reencode) {
		sent = Reencode(d.Body)
	}
	for number := 1; number <= retry.Attempts && ctx.Err() == nil; number++ {
		a := s.attempt(ctx, d.Body, sent, s.Faults.ofAttempt(random), retry.Timeout)
		a.Event, a.Number = e, number
		d.Attempts = append(d.Attempts, a)
		if s.OnAttempt != nil {
			s.OnAttempt(a)
		}
		if a.Acknowledged() {
			break
		}
		if number < retry.Attempts {
			pause(ctx, time.After(retry.interval(number, random)))
		}
	}
	return d
}

// attempt sends a body once, signed as another if it was re-encoded on the way.
func (s *Sender) attempt(ctx context.Context, signed, sent []byte, fault Fault, timeout time.Duration) Attempt {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	secret := s.Secret
	if fault == FaultSignature {
		secret += " (corrupted)"
	}
	r := newRequest(s.URL, core.Sign(secret, signed), sent).WithContext(ctx)
	a := Attempt{Fault: fault}
	if fault == FaultAnswerLost {
		a.Err = s.sendAndHangUp(r)
	} else {
		a.Status, a.Err = s.roundTrip(r)
	}
	if fault == FaultAnswerDelayed && a.Err == nil && !pause(ctx, time.After(s.Faults.Delay)) {
		a.Status, a.Err = 0, ErrAnswerLost
	}
	a.Duration = time.Since(start)
	return a
}

func (s *Sender) roundTrip(r *http.Request) (status int, err error) {
	client := s.Client
	if client == nil {
		client = defaultClient
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("urlrtest: %w", err)
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return 0, fmt.Errorf("urlrtest: %w", err)
	}
	return response.StatusCode, nil
}

var defaultClient = newClient()

func newClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 100 // all connections go to one host
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
