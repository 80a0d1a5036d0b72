package urlrtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// soon retries almost at once.
var soon = urlrtest.Retry{FirstInterval: time.Microsecond}

// receiver serves a handler behind Verify until the test ends.
func receiver(t *testing.T, h core.HandlerFunc, opts ...core.Option) (url string) {
	t.Helper()
	server := httptest.NewServer(nethttpurlr.Verify(secret, opts...)(nethttpurlr.Handler(h)))
	t.Cleanup(server.Close)
	return server.URL
}

func events(n int) []*core.Event {
	all := make([]*core.Event, n)
	for i := range all {
		all[i] = urlrtest.NewEvent()
		all[i].Link.Code = fmt.Sprint("link-", i)
	}
	return all
}

func TestNewRequest(t *testing.T) {
	verify := nethttpurlr.Verify(secret)
	for _, generation := range urlrtest.Generations() {
		var got *core.Event
		h := verify(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got = nethttpurlr.Event(r)
			assert.Equal(t, "URLR", r.UserAgent())
			assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
			_, err := http.ParseTime(r.Header.Get("Date"))
			assert.NoError(t, err)
			w.WriteHeader(http.StatusNoContent)
		}))
		w := httptest.NewRecorder()
		r := urlrtest.NewRequest("/webhooks/urlr", secret, urlrtest.NewEvent(), urlrtest.InGeneration(generation))
		h.ServeHTTP(w, r)
		assert.Equal(t, http.StatusNoContent, w.Code)
		require.NotNil(t, got)
		assert.Equal(t, "yBPhx", got.Link.Code)

		server := httptest.NewServer(h)
		response, err := server.Client().Do(urlrtest.NewRequest(server.URL, secret, urlrtest.NewEvent()))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, http.StatusNoContent, response.StatusCode)
		server.Close()
	}
	assert.Panics(t, func() { urlrtest.NewRequest("http://a b", secret, urlrtest.NewEvent()) })
}

func TestSenderDelivers(t *testing.T) {
	var handled atomic.Int64
	url := receiver(t, func(context.Context, *core.Event) error { handled.Add(1); return nil })
	s := urlrtest.Sender{URL: url, Secret: secret}
	d := s.Send(t.Context(), urlrtest.NewEvent())
	assert.True(t, d.Acknowledged())
	require.Len(t, d.Attempts, 1)
	assert.Equal(t, http.StatusNoContent, d.Attempts[0].Status)
	assert.NoError(t, d.Attempts[0].Err)
	assert.EqualValues(t, 1, handled.Load())
}

func TestSenderRetries(t *testing.T) {
	for _, status := range []int{302, 400, 401, 404, 500, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			var requests atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if requests.Add(1) < 3 {
					w.Header().Set("Location", "/")
					w.WriteHeader(status)
					return
				}
				w.WriteHeader(http.StatusAccepted)
			}))
			defer server.Close()
			var reported atomic.Int64
			s := urlrtest.Sender{URL: server.URL, Secret: secret, Retry: soon, OnAttempt: func(a urlrtest.Attempt) {
				assert.EqualValues(t, reported.Add(1), a.Number)
			}}
			d := s.Send(t.Context(), urlrtest.NewEvent())
			assert.True(t, d.Acknowledged())
			assert.Len(t, d.Attempts, 3)
			assert.EqualValues(t, 3, reported.Load())
		})
	}
}

func TestSenderGivesUp(t *testing.T) {
	url := receiver(t, func(context.Context, *core.Event) error { return errors.New("no") })
	s := urlrtest.Sender{URL: url, Secret: secret, Retry: urlrtest.Retry{Attempts: 3, FirstInterval: time.Microsecond}}
	d := s.Send(t.Context(), urlrtest.NewEvent())
	assert.False(t, d.Acknowledged())
	assert.Len(t, d.Attempts, 3)

	s.URL = "http://127.0.0.1:1" // nothing listens there
	d = s.Send(t.Context(), urlrtest.NewEvent())
	assert.False(t, d.Acknowledged())
	require.Len(t, d.Attempts, 3)
	assert.Error(t, d.Attempts[2].Err)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Empty(t, s.SendAll(ctx, events(3)...)[2].Attempts)
}

// A roundTripper responds without a network, so that tests can use simulated time.
type roundTripper func(r *http.Request) int

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	status := f(r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

func always(status int) roundTripper { return func(*http.Request) int { return status } }

func TestRetrySchedule(t *testing.T) {
	for name, test := range map[string]struct {
		retry urlrtest.Retry
		want  []time.Duration
	}{
		"defaults": {urlrtest.Retry{}, []time.Duration{0, 1e9, 3e9, 7e9, 15e9}},
		"custom": {urlrtest.Retry{Attempts: 3, FirstInterval: time.Minute, Factor: 3},
			[]time.Duration{0, 60e9, 240e9}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var at []time.Duration
				client := &http.Client{Transport: roundTripper(func(*http.Request) int {
					at = append(at, time.Since(start))
					return http.StatusInternalServerError
				})}
				s := urlrtest.Sender{URL: "http://receiver", Secret: secret, Retry: test.retry, Client: client}
				s.Send(t.Context(), urlrtest.NewEvent())
				assert.Equal(t, test.want, at)
			})
		})
	}
}

func TestJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &http.Client{Transport: always(http.StatusInternalServerError)}
		s := urlrtest.Sender{URL: "http://receiver", Secret: secret, Client: client,
			Retry: urlrtest.Retry{Attempts: 2, FirstInterval: time.Minute, Jitter: 0.5}}
		durations := map[time.Duration]bool{}
		for seed := range uint64(50) {
			s.Seed = seed
			start := time.Now()
			s.Send(t.Context(), urlrtest.NewEvent())
			durations[time.Since(start)] = true
			assert.InDelta(t, time.Minute, time.Since(start), float64(30*time.Second))
		}
		assert.Greater(t, len(durations), 40)
	})
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &http.Client{Transport: roundTripper(func(r *http.Request) int {
			<-r.Context().Done()
			return 0
		})}
		s := urlrtest.Sender{URL: "http://receiver", Secret: secret, Client: client, Retry: urlrtest.Retry{Attempts: 1}}
		d := s.Send(t.Context(), urlrtest.NewEvent())
		assert.ErrorIs(t, d.Attempts[0].Err, context.DeadlineExceeded)
		assert.Equal(t, 10*time.Second, d.Attempts[0].Duration)
	})
}

func TestConcurrencyAndRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var under, most, sent atomic.Int64
		client := &http.Client{Transport: roundTripper(func(*http.Request) int {
			most.Store(max(most.Load(), under.Add(1)))
			sent.Add(1)
			time.Sleep(time.Second)
			under.Add(-1)
			return http.StatusNoContent
		})}
		s := urlrtest.Sender{URL: "http://receiver", Secret: secret, Client: client, Concurrency: 4}
		start := time.Now()
		for _, d := range s.SendAll(t.Context(), events(20)...) {
			assert.True(t, d.Acknowledged())
		}
		assert.EqualValues(t, 4, most.Load())
		assert.Equal(t, 5*time.Second, time.Since(start))

		s.Concurrency, s.Rate = 100, 10
		start = time.Now()
		s.SendAll(t.Context(), events(20)...)
		assert.Equal(t, 3*time.Second, time.Since(start), "two seconds to start them all")
	})
}

// Waits that overflow a time.Duration last until the context is done.
func TestOverflowingTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Hour)
		defer cancel()
		client := &http.Client{Transport: always(http.StatusInternalServerError)}
		s := urlrtest.Sender{URL: "http://receiver", Secret: secret, Client: client,
			Retry: urlrtest.Retry{FirstInterval: time.Hour, Factor: 1e300}}
		assert.Len(t, s.Send(ctx, urlrtest.NewEvent()).Attempts, 2)
		assert.Error(t, ctx.Err())

		ctx, cancel = context.WithTimeout(t.Context(), 100*time.Hour)
		defer cancel()
		s.Rate = 1e-10
		assert.Empty(t, s.SendAll(ctx, urlrtest.NewEvent())[0].Attempts)
		assert.Error(t, ctx.Err())
	})
}

func TestLostResponses(t *testing.T) {
	var handled atomic.Int64
	url := receiver(t, func(context.Context, *core.Event) error { handled.Add(1); return nil })
	s := urlrtest.Sender{URL: url, Secret: secret, Retry: soon, Faults: urlrtest.Faults{LoseAnswer: 1}}
	d := s.Send(t.Context(), urlrtest.NewEvent())
	assert.False(t, d.Acknowledged())
	require.Len(t, d.Attempts, 5)
	for _, a := range d.Attempts {
		assert.ErrorIs(t, a.Err, urlrtest.ErrAnswerLost)
		assert.Equal(t, urlrtest.FaultAnswerLost, a.Fault)
	}
	assert.Eventually(t, func() bool { return handled.Load() == 5 }, 10*time.Second, time.Millisecond,
		"the requests arrived")
}

func TestDelayedResponses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &http.Client{Transport: always(http.StatusNoContent)}
		s := urlrtest.Sender{URL: "http://receiver", Secret: secret, Client: client,
			Faults: urlrtest.Faults{DelayAnswer: 1, Delay: 5 * time.Second}}
		d := s.Send(t.Context(), urlrtest.NewEvent())
		assert.True(t, d.Acknowledged())
		assert.Equal(t, 5*time.Second, d.Attempts[0].Duration)

		s.Faults.Delay = time.Minute
		d = s.Send(t.Context(), urlrtest.NewEvent())
		assert.ErrorIs(t, d.Attempts[0].Err, urlrtest.ErrAnswerLost)
		assert.Equal(t, 10*time.Second, d.Attempts[0].Duration, "the timeout")
	})
}

func TestOtherFaults(t *testing.T) {
	var form atomic.Value
	url := receiver(t, func(_ context.Context, e *core.Event) error { form.Store(e.Form()); return nil })
	s := urlrtest.Sender{URL: url, Secret: secret, Retry: soon, Faults: urlrtest.Faults{Reencode: 1}}
	d := s.Send(t.Context(), urlrtest.NewEvent())
	assert.True(t, d.Acknowledged())
	assert.Equal(t, core.FormPHP, form.Load())

	s.Faults = urlrtest.Faults{CorruptSignature: 1}
	d = s.Send(t.Context(), urlrtest.NewEvent())
	assert.Equal(t, http.StatusUnauthorized, d.Attempts[4].Status)

	s.Faults = urlrtest.Faults{Twin: 1}
	all := s.SendAll(t.Context(), events(3)...)
	require.Len(t, all, 6)
	for i, d := range all {
		assert.True(t, d.Acknowledged())
		assert.Equal(t, i%2 == 1, d.Twin)
		assert.Equal(t, string(all[i/2*2].Body), string(d.Body))
	}
}

// The same seed gives the same faults, so a failing test can be repeated.
func TestFaultsAreDeterministic(t *testing.T) {
	url := receiver(t, func(context.Context, *core.Event) error { return nil })
	clicks := events(100)
	run := func(seed uint64, concurrency int) (faults string) {
		s := urlrtest.Sender{URL: url, Secret: secret, Retry: soon, Seed: seed, Concurrency: concurrency,
			Faults: urlrtest.Faults{LoseAnswer: 0.2, CorruptSignature: 0.2, Twin: 0.2, Reencode: 0.5}}
		for _, d := range s.SendAll(t.Context(), clicks...) {
			faults += fmt.Sprint(d.Event.Link.Code, d.Twin)
			for _, a := range d.Attempts {
				faults += fmt.Sprint(a.Fault)
			}
		}
		return faults
	}
	assert.Equal(t, run(1, 1), run(1, 16))
	assert.NotEqual(t, run(1, 1), run(2, 1))
}

// SendEach reports the same deliveries that SendAll returns.
func TestSendEach(t *testing.T) {
	url := receiver(t, func(context.Context, *core.Event) error { return nil })
	s := urlrtest.Sender{URL: url, Secret: secret, Retry: soon, Concurrency: 8,
		Faults: urlrtest.Faults{CorruptSignature: 0.2, Twin: 0.2}}
	describe := func(d urlrtest.Delivery) string { return fmt.Sprint(d.Event.Link.Code, d.Twin, len(d.Attempts)) }
	var all, each []string
	for _, d := range s.SendAll(t.Context(), events(100)...) {
		all = append(all, describe(d))
	}
	var mu sync.Mutex
	s.SendEach(t.Context(), slices.Values(events(100)), func(d urlrtest.Delivery) {
		mu.Lock()
		defer mu.Unlock()
		each = append(each, describe(d))
	})
	assert.ElementsMatch(t, all, each)
}

func TestSenderBody(t *testing.T) {
	var got []byte
	url := receiver(t, func(_ context.Context, e *core.Event) error { got = e.Raw(); return nil })
	body := []byte(`{ "event": "link_clicked" }`)
	s := urlrtest.Sender{URL: url, Secret: secret, Body: body}
	d := s.Send(t.Context(), urlrtest.NewEvent())
	assert.True(t, d.Acknowledged())
	assert.Equal(t, string(body), string(got))
	assert.Equal(t, body, d.Body)
}

// Each call of Send draws its own faults.
func TestFaultsOfSend(t *testing.T) {
	url := receiver(t, func(context.Context, *core.Event) error { return nil })
	s := urlrtest.Sender{URL: url, Secret: secret, Retry: urlrtest.Retry{Attempts: 1},
		Faults: urlrtest.Faults{CorruptSignature: 0.5}}
	acknowledged := 0
	for range 100 {
		if d := s.Send(t.Context(), urlrtest.NewEvent()); d.Acknowledged() {
			acknowledged++
		}
	}
	assert.InDelta(t, 50, acknowledged, 30)
}

func TestLostResponsesOverTLS(t *testing.T) {
	handled := make(chan bool, 1)
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { handled <- true }))
	defer server.Close()
	s := urlrtest.Sender{URL: server.URL, Secret: secret, Client: server.Client(),
		Retry: urlrtest.Retry{Attempts: 1}, Faults: urlrtest.Faults{LoseAnswer: 1}}
	assert.ErrorIs(t, s.Send(t.Context(), urlrtest.NewEvent()).Attempts[0].Err, urlrtest.ErrAnswerLost)
	<-handled

	s.URL = "http://127.0.0.1:1" // nothing listens there
	err := s.Send(t.Context(), urlrtest.NewEvent()).Attempts[0].Err
	require.Error(t, err)
	assert.NotErrorIs(t, err, urlrtest.ErrAnswerLost, "there was no response to lose")
}

func TestInvalidSenders(t *testing.T) {
	for name, s := range map[string]*urlrtest.Sender{
		"no URL":             {Secret: secret},
		"no secret":          {URL: "http://receiver"},
		"not a URL":          {URL: "http://receiver:port", Secret: secret},
		"no scheme":          {URL: "localhost:8080/webhooks/urlr", Secret: secret},
		"no host":            {URL: "/webhooks/urlr", Secret: secret},
		"unknown generation": {URL: "http://receiver", Secret: secret, Generation: "2022"},
		"attempts":           {URL: "http://receiver", Secret: secret, Retry: urlrtest.Retry{Attempts: -1}},
		"timeout":            {URL: "http://receiver", Secret: secret, Retry: urlrtest.Retry{Timeout: -1}},
		"rate":               {URL: "http://receiver", Secret: secret, Rate: -1},
		"probability":        {URL: "http://receiver", Secret: secret, Faults: urlrtest.Faults{Twin: 7}},
		"jitter":             {URL: "http://receiver", Secret: secret, Retry: urlrtest.Retry{Jitter: 2}},
	} {
		assert.Panics(t, func() { s.Send(t.Context(), urlrtest.NewEvent()) }, name)
		assert.Panics(t, func() { s.SendAll(t.Context(), urlrtest.NewEvent()) }, name)
	}
}
