package urlrtest

import (
	"cmp"
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

// A Sender delivers events as URLR does. URL and Secret are required; every other field has a
// default. A Sender is safe for concurrent use. Do not copy it, or change it while it sends. Its
// methods panic if a field is missing or invalid.
type Sender struct {
	URL        string
	Secret     string
	Generation Generation // default Latest
	Body       []byte     // sent and signed instead of the events' bodies, unless nil
	Retry      Retry
	Faults     Faults

	// Seed seeds all random choices. The same seed and calls give the same faults, whatever the
	// concurrency.
	Seed uint64

	Concurrency int     // the most deliveries SendAll and SendEach have in progress at once; default 1
	Rate        float64 // the most deliveries SendAll and SendEach start per second; default unlimited

	// Client sends the requests. The default one follows no redirects. Attempts that lose their
	// response (Faults.LoseAnswer) use only its TLS settings.
	Client *http.Client

	OnAttempt func(Attempt) // called after each attempt, concurrently; default none

	sent atomic.Uint64 // calls of Send
}

// A Delivery is the outcome of delivering an event.
type Delivery struct {
	Event    *core.Event
	Body     []byte // before any re-encoding
	Twin     bool   // whether it is the second click of Faults.Twin
	Attempts []Attempt
}

// Acknowledged reports whether the sender received a 2xx response.
func (d *Delivery) Acknowledged() bool {
	return len(d.Attempts) > 0 && d.Attempts[len(d.Attempts)-1].Acknowledged()
}

// An Attempt is one request of a delivery.
type Attempt struct {
	Event    *core.Event
	Number   int   // 1 for the first
	Status   int   // 0 if there was no response
	Err      error // why there was no response
	Fault    Fault // what the sender injected
	Duration time.Duration
}

// Acknowledged reports whether the sender received a 2xx response.
func (a *Attempt) Acknowledged() bool { return a.Err == nil && a.Status/100 == 2 }

// ErrAnswerLost is the error of an attempt whose response was lost, or came too late, because of an
// injected fault.
var ErrAnswerLost = errors.New("urlrtest: response lost on purpose")

// Send delivers one event, with retries. It returns when the delivery is acknowledged or given up,
// or when ctx is done.
func (s *Sender) Send(ctx context.Context, e *core.Event) Delivery {
	s.check()
	const streams = 1 << 63 // lower streams are for SendAll and SendEach
	s.needEvent(e)
	return s.deliver(ctx, cmp.Or(s.Client, defaultClient), e, streams+s.sent.Add(1), false)
}

// SendAll delivers events and their twins. It returns when each is acknowledged or given up, or
// when ctx is done. Deliveries are in the order of events, each twin after its sibling; those that
// ctx prevented have no attempts.
func (s *Sender) SendAll(ctx context.Context, events ...*core.Event) []Delivery {
	s.check()
	var deliveries []Delivery
	for planned := range s.planned(slices.Values(events)) {
		deliveries = append(deliveries, planned)
	}
	s.send(ctx, slices.Values(deliveries), func(i int, d Delivery) { deliveries[i] = d })
	return deliveries
}

// SendEach is like [Sender.SendAll] for any number of events. It keeps no deliveries: it calls
// done, concurrently, with each one that is acknowledged or given up.
func (s *Sender) SendEach(ctx context.Context, events iter.Seq[*core.Event], done func(Delivery)) {
	s.check()
	if events == nil || done == nil {
		panic("urlrtest: SendEach needs events and a function, got nil")
	}
	s.send(ctx, s.planned(events), func(_ int, d Delivery) { done(d) })
}

// planned yields the deliveries to make, twins included.
func (s *Sender) planned(events iter.Seq[*core.Event]) iter.Seq[Delivery] {
	return func(yield func(Delivery) bool) {
		random := rand.New(rand.NewPCG(s.Seed, 0))
		for e := range events {
			s.needEvent(e)
			if !yield(Delivery{Event: e}) {
				return
			}
			if happens(random, s.Faults.Twin) && !yield(Delivery{Event: e, Twin: true}) {
				return
			}
		}
	}
}

// needEvent panics in the caller's goroutine, not in one of the deliveries'.
func (s *Sender) needEvent(e *core.Event) {
	if e == nil && s.Body == nil {
		panic("urlrtest: nil event")
	}
}

// send makes deliveries and returns when all are done. Without a Client, it has connections of its
// own: closing those of another Sender could lose its responses.
func (s *Sender) send(ctx context.Context, deliveries iter.Seq[Delivery], done func(i int, d Delivery)) {
	client := s.Client
	if client == nil {
		client = newClient()
		defer client.CloseIdleConnections() // a server shutting down would wait for them
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
			done(n, s.deliver(ctx, client, planned.Event, uint64(n)+1, planned.Twin))
			<-limit
		})
		i++
	}
}

// pause waits for tick, unless it is nil. It reports whether ctx is still alive.
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

func (s *Sender) deliver(
	ctx context.Context, client *http.Client, e *core.Event, stream uint64, twin bool,
) Delivery {
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
		a := s.attempt(ctx, client, d.Body, sent, s.Faults.ofAttempt(random), retry.Timeout)
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

// attempt sends a body once. Its signature is that of signed, from before any re-encoding.
func (s *Sender) attempt(
	ctx context.Context, client *http.Client, signed, sent []byte, fault Fault, timeout time.Duration,
) Attempt {
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
		a.Status, a.Err = roundTrip(client, r)
	}
	if fault == FaultAnswerDelayed && a.Err == nil && !pause(ctx, time.After(s.Faults.Delay)) {
		a.Status, a.Err = 0, ErrAnswerLost
	}
	a.Duration = time.Since(start)
	return a
}

func roundTrip(client *http.Client, r *http.Request) (status int, err error) {
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

// defaultClient is for Send, which can't know which call is the last.
var defaultClient = newClient()

func newClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 100 // all connections go to one host
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
