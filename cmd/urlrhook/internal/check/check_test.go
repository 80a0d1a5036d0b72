package check_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/check"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/freeport"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const secret = "whsec_check"

// A checked is the outcome of a run.
type checked struct {
	results     []check.Result
	conclusions []string
}

func (c *checked) named(name string) check.Result {
	i := slices.IndexFunc(c.results, func(r check.Result) bool { return r.Name == name })
	if i < 0 {
		return check.Result{}
	}
	return c.results[i]
}

// failed returns the names of the checks that did not pass.
func (c *checked) failed() (names []string) {
	for _, r := range c.results {
		if r.Outcome == check.Fail || r.Outcome == check.Warn {
			names = append(names, r.Name)
		}
	}
	return names
}

func newChecker(t *testing.T, address string) *check.Checker {
	t.Helper()
	client, err := forward.NewClient(forward.Options{})
	require.NoError(t, err)
	return &check.Checker{Target: parsed(t, address), Client: client, Secret: secret, Timeout: 10 * time.Second,
		Report: func(check.Result) {}}
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u
}

// run checks a receiver, and its count if it has a URL for that.
func run(t *testing.T, address, countURL string) *checked {
	t.Helper()
	c := newChecker(t, address)
	if countURL != "" {
		// Closing a test server closes connections of the default client.
		own := &http.Client{Transport: &http.Transport{}}
		t.Cleanup(own.CloseIdleConnections)
		c.Count = check.CountByURL(own, parsed(t, countURL))
	}
	return runChecker(t, c)
}

func runChecker(t *testing.T, c *check.Checker) *checked {
	t.Helper()
	got := &checked{}
	c.Report = func(r check.Result) {
		got.results = append(got.results, r)
		text, err := json.Marshal(r)
		assert.NoError(t, err)
		assert.NotContains(t, string(text), c.Secret)
	}
	var err error
	got.conclusions, err = c.Run(t.Context())
	require.NoError(t, err)
	assert.Len(t, got.results, c.Len(), "as many as announced, whatever the receiver does")
	for _, r := range got.results {
		assert.NotEmpty(t, r.Sent, r.Name)
		assert.NotEmpty(t, r.Got, r.Name)
		if r.Outcome == check.Fail || r.Outcome == check.Warn {
			assert.NotEmpty(t, r.Fix, "%s: %s", r.Name, r.Got)
		}
	}
	return got
}

// A receiver is what a user could have written: it defines what happens with a body and its
// signatures.
type receiver struct {
	clicks atomic.Int64
	handle func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte)
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, 64<<10))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	r.handle(r, w, request, body)
}

// count takes as long as a database and answers.
func (r *receiver) count(w http.ResponseWriter) {
	time.Sleep(10 * time.Millisecond)
	r.clicks.Add(1)
	w.WriteHeader(http.StatusNoContent)
}

func (r *receiver) countIf(w http.ResponseWriter, isAuthentic bool) {
	if !isAuthentic {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	r.count(w)
}

// matches is correct; its callers need not be.
func matches(request *http.Request, body []byte) bool {
	values := request.Header.Values("X-Signature")
	if len(values) != 1 {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(values[0]))
}

// nodeForm is the documentation's recipe for Node: it parses and re-encodes the body, and escapes
// /.
func nodeForm(body []byte) []byte {
	var compact bytes.Buffer
	_ = json.Compact(&compact, urlrtest.Reencode(body)) // the caller knows that it is JSON
	return bytes.ReplaceAll(compact.Bytes(), []byte("/"), []byte(`\/`))
}

type handler = func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte)

// wrong maps receivers with deliberate mistakes to what check must say about them.
var wrong = map[string]struct {
	handle     handler
	failed     []string // checks that must be among those that fail
	conclusion string
}{
	"accepts anything": {
		func(r *receiver, w http.ResponseWriter, _ *http.Request, _ []byte) { r.count(w) },
		[]string{"unsigned", "forged", "other-body", "empty-key", "empty-signature", "two-signatures",
			"prefixed"}, "accepts anything",
	},
	"compares nothing": {
		func(r *receiver, w http.ResponseWriter, request *http.Request, _ []byte) {
			r.countIf(w, len(request.Header.Get("X-Signature")) == 64)
		},
		[]string{"forged", "other-body", "empty-key"}, "does not compare it",
	},
	"verifies a re-encoded body": {
		func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
			var value any
			r.countIf(w, json.Unmarshal(body, &value) == nil && request.Header.Get("X-Signature") == core.Sign(secret,
				nodeForm(body)))
		},
		[]string{"accents"}, "re-encoded body, not the raw one",
	},
	"accepts unsigned": {
		func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
			r.countIf(w, request.Header.Get("X-Signature") == "" || matches(request, body))
		},
		[]string{"unsigned", "empty-signature"}, "accepts deliveries without one",
	},
	"trusts signatures that it knows": {
		func() handler {
			var known sync.Map
			return func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
				_, isKnown := known.Load(request.Header.Get("X-Signature"))
				isAuthentic := matches(request, body)
				if isAuthentic {
					known.Store(request.Header.Get("X-Signature"), true)
				}
				r.countIf(w, isKnown || isAuthentic)
			}
		}(),
		[]string{"other-body"}, "trusts any signature it has seen",
	},
	"remembers signatures": {
		func() handler {
			var known sync.Map
			return func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
				isAuthentic := matches(request, body)
				if _, isKnown := known.LoadOrStore(request.Header.Get("X-Signature"), true); isAuthentic && isKnown {
					w.WriteHeader(http.StatusNoContent)
					return
				}
				r.countIf(w, isAuthentic)
			}
		}(),
		[]string{"twins"}, "remembers signatures or bodies",
	},
	"counts retries": {
		func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
			r.countIf(w, matches(request, body))
		},
		[]string{"retry"}, "counts a delivery twice if its answer was lost",
	},
	"loses the raw body": {
		func(r *receiver, w http.ResponseWriter, request *http.Request, _ []byte) {
			r.countIf(w, matches(request, nil)) // a parser has read it
		},
		[]string{"authentic-2026-05", "authentic-2023-10"}, "has read the raw body before",
	},
	"sorts the body": {
		func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
			var object map[string]any
			_ = json.Unmarshal(body, &object)
			sorted, _ := json.Marshal(object)
			r.countIf(w, matches(request, sorted))
		},
		[]string{"authentic-2026-05"}, "the raw one is lost",
	},
	"writes the body again": {
		func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
			r.countIf(w, matches(request, urlrtest.Reencode(body)))
		},
		[]string{"authentic-2026-05"}, "the raw one is lost",
	},
	"loses the raw body, and refuses an empty one": {
		func(_ *receiver, w http.ResponseWriter, request *http.Request, _ []byte) {
			if matches(request, nil) {
				w.WriteHeader(http.StatusUnprocessableEntity) // as this library does
				return
			}
			w.WriteHeader(http.StatusUnauthorized)
		},
		[]string{"authentic-2026-05"}, "has read the raw body before",
	},
	"is elsewhere": {
		func(_ *receiver, w http.ResponseWriter, request *http.Request, _ []byte) { http.NotFound(w, request) },
		[]string{"authentic-2026-05"}, "Nothing takes deliveries at this path",
	},
	"fails before it verifies": {
		func(_ *receiver, w http.ResponseWriter, _ *http.Request, _ []byte) {
			w.WriteHeader(http.StatusInternalServerError)
		},
		[]string{"authentic-2026-05", "unsigned"}, "fails before it verifies",
	},
	"has another secret": {
		func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
			r.countIf(w, request.Header.Get("X-Signature") == core.Sign("another", body))
		},
		[]string{"authentic-2026-05"}, "another secret",
	},
	"answers before processing": {
		func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
			if !matches(request, body) {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			go func() {
				time.Sleep(100 * time.Millisecond)
				r.clicks.Add(1)
			}()
			w.WriteHeader(http.StatusNoContent)
		},
		[]string{"authentic-2026-05"}, "answers before it has processed",
	},
	"redirects": {
		func(_ *receiver, w http.ResponseWriter, request *http.Request, _ []byte) {
			http.Redirect(w, request, "/webhooks/urlr/", http.StatusMovedPermanently)
		},
		[]string{"authentic-2026-05", "forged"}, "redirects deliveries",
	},
	"fails on unknown events": {
		func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
			if matches(request, body) && !bytes.Contains(body, []byte("link_clicked")) {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			r.countIf(w, matches(request, body))
		},
		[]string{"unknown-event"}, "fails on unknown events",
	},
}

func TestWrongReceiversAreNamed(t *testing.T) {
	for name, test := range wrong {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &receiver{handle: test.handle}
			server := httptest.NewServer(r)
			defer server.Close()
			count := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintln(w, "clicks:", r.clicks.Load())
			}))
			defer count.Close()
			got := run(t, server.URL, count.URL)
			for _, name := range test.failed {
				assert.Contains(t, got.failed(), name)
			}
			said := strings.Join(got.conclusions, "\n")
			assert.Contains(t, said, test.conclusion)
			if name != "has another secret" {
				assert.NotContains(t, said, "another secret")
			}
		})
	}
}

// Only the retry and the second twin repeat a click, also in a second run right after the first: a
// receiver that remembers bodies would take any other repetition for a retry.
func TestClicksDiffer(t *testing.T) {
	var mu sync.Mutex
	known, repeated := map[string]bool{}, 0
	r := &receiver{handle: func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
		if matches(request, body) {
			mu.Lock()
			defer mu.Unlock()
			if known[string(body)] {
				repeated++
			}
			known[string(body)] = true
		}
		r.countIf(w, matches(request, body))
	}}
	server := httptest.NewServer(r)
	defer server.Close()
	for range 2 {
		run(t, server.URL, "")
	}
	mu.Lock()
	defer mu.Unlock()
	assert.Equal(t, 4, repeated)
}

// check does not wait for a hanging receiver again and again.
func TestAReceiverThatHangs(t *testing.T) {
	leave := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-leave }))
	defer server.Close()
	defer close(leave)
	c := newChecker(t, server.URL)
	c.Timeout = 100 * time.Millisecond
	start := time.Now()
	got := runChecker(t, c)
	assert.Less(t, time.Since(start), 5*time.Second)
	assert.Equal(t, check.Fail, got.results[0].Outcome)
	assert.Contains(t, got.results[0].Got, "no answer in ")
	assert.Equal(t, check.Skip, got.named("twins").Outcome)
	assert.Contains(t, got.conclusions[0], "does not answer in time")
}

// A 2xx response that never ends, or breaks off, is not an answer.
func TestAReceiverWhoseAnswerIsIncomplete(t *testing.T) {
	for name, end := range map[string]func(*http.Request){
		"never ends": func(r *http.Request) { <-r.Context().Done() },
		"breaks off": func(*http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // or the server would not notice that the client disconnects
				w.WriteHeader(http.StatusOK)
				_ = http.NewResponseController(w).Flush() // the checker will see
				end(r)
			}))
			defer server.Close()
			c := newChecker(t, server.URL)
			c.Timeout = 100 * time.Millisecond
			got := runChecker(t, c)
			assert.Equal(t, check.Fail, got.results[0].Outcome)
			assert.Contains(t, got.results[0].Got, "no answer")
		})
	}
}

// A correct but slow receiver gets a warning.
func TestASlowReceiver(t *testing.T) {
	inner := nethttpurlr.Verify(secret)(nethttpurlr.Handler(func(context.Context, *core.Event) error { return nil }))
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 1 {
			time.Sleep(1100 * time.Millisecond)
		}
		inner.ServeHTTP(w, r)
	}))
	defer server.Close()
	got := run(t, server.URL, "")
	assert.Equal(t, []string{"speed"}, got.failed())
}

// A receiver without a limit on bodies gets a warning.
func TestAReceiverWithoutALimit(t *testing.T) {
	v := core.MustVerifier(secret, core.WithMaxBodyBytes(1<<30))
	guard := dedupe.New(dedupe.NewMemory())
	h := nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(func(context.Context, *core.Event) error { return nil }))
	server := httptest.NewServer(nethttpurlr.VerifyWithConfig(nethttpurlr.Config{Verifier: v})(h))
	defer server.Close()
	assert.Equal(t, []string{"huge-body"}, run(t, server.URL, "").failed())
}

// check detects an application that counts what it refuses, or does not count what it acknowledges.
func TestCountsAreCompared(t *testing.T) {
	for name, test := range map[string]struct {
		handle handler
		failed string
		got    string
	}{
		"refused and counted": {func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
			r.clicks.Add(1)
			if !matches(request, body) {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}, "forged", "401"},
		"counted twice": {func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
			if matches(request, body) {
				r.clicks.Add(1)
			}
			r.countIf(w, matches(request, body))
		}, "authentic-2026-05", "2 counted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &receiver{handle: test.handle}
			server := httptest.NewServer(r)
			defer server.Close()
			c := newChecker(t, server.URL)
			c.Count = func(context.Context) (int, error) { return int(r.clicks.Load()), nil }
			got := runChecker(t, c)
			assert.Contains(t, got.failed(), test.failed)
			assert.Contains(t, got.named(test.failed).Got, test.got)
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	c := newChecker(t, "http://"+freeport.Addr(t))
	c.Report = func(check.Result) { t.Error("nothing was checked") }
	_, err := c.Run(t.Context())
	assert.ErrorIs(t, err, check.ErrNobody)
	assert.ErrorContains(t, err, "connection refused")

	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	defer tls.Close()
	c = newChecker(t, tls.URL)
	_, err = c.Run(t.Context())
	assert.ErrorIs(t, err, check.ErrNobody)
	assert.ErrorContains(t, err, "certificate")
}

func TestCounters(t *testing.T) {
	status, text := http.StatusOK, `{"name":"a","clicks": 42, "other": 7}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, text)
	}))
	defer server.Close()
	count := check.CountByURL(server.Client(), parsed(t, server.URL))
	n, err := count(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 42, n)
	text = "none"
	_, err = count(t.Context())
	assert.ErrorContains(t, err, "no number")
	status = http.StatusTeapot
	_, err = count(t.Context())
	assert.ErrorContains(t, err, "418")

	n, err = check.CountByCommand("echo clicks 17", time.Minute)(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 17, n)
	_, err = check.CountByCommand("exit 3", time.Minute)(t.Context())
	assert.ErrorContains(t, err, "exit status 3")
	_, err = check.CountByCommand("echo one >&2; echo 'no such\x1btable' >&2; exit 3", time.Minute)(t.Context())
	assert.ErrorContains(t, err, "exit status 3: no such␛table")
	withPassword := parsed(t, server.URL)
	withPassword.User = url.UserPassword("reader", "hunter2")
	_, err = check.CountByURL(server.Client(), withPassword)(t.Context())
	assert.ErrorContains(t, err, "418")
	assert.NotContains(t, err.Error(), "hunter2")

	// A process of the command that keeps its output open delays nothing.
	start := time.Now()
	_, err = check.CountByCommand("sleep 60; echo 1", 50*time.Millisecond)(t.Context())
	assert.ErrorContains(t, err, "no answer in 50ms")
	assert.Less(t, time.Since(start), 30*time.Second)

	c := newChecker(t, server.URL)
	c.Count = check.CountByCommand("false", time.Minute)
	_, err = c.Run(t.Context())
	assert.ErrorContains(t, err, "how many clicks")
}

// What a receiver answers controls no terminal, and does not fill it.
func TestHostileAnswers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Location"] = []string{"http://a/\u202e\u009b31m" + strings.Repeat("x", 10_000)}
		w.WriteHeader(http.StatusFound)
	}))
	defer server.Close()
	for _, r := range run(t, server.URL, "").results {
		assert.Less(t, len(r.Got), 500)
		assert.NotContains(t, r.Got, "\u202e")
		assert.NotContains(t, r.Got, "\u009b")
	}
}

// check does not wait again and again for an application that counts nothing.
func TestNothingIsCounted(t *testing.T) {
	r := &receiver{handle: func(r *receiver, w http.ResponseWriter, request *http.Request, body []byte) {
		r.countIf(w, matches(request, body))
	}}
	server := httptest.NewServer(r)
	defer server.Close()
	c := newChecker(t, server.URL)
	c.Count = func(context.Context) (int, error) { return 5, nil }
	start := time.Now()
	got := runChecker(t, c)
	assert.Less(t, time.Since(start), 25*time.Second)
	assert.Contains(t, got.named("authentic-2026-05").Fix, "it is lost")
	assert.Contains(t, got.named("twins").Fix, "Count both")
}
