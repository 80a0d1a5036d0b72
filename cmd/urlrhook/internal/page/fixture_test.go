package page_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const (
	secret = "page-secret-not-to-be-shown"
	target = "http://127.0.0.1:9/app?a=b&c"
)

// A fixture is a page over a real listener and a store in memory.
type fixture struct {
	t      testing.TB
	store  *store.Store
	server *httptest.Server
	host   string

	change  []func(*page.Config)
	handler atomic.Pointer[http.Handler]

	mu      sync.Mutex
	replays []replayed
}

type replayed struct {
	ID   int64
	URL  string
	Body string
}

func start(t testing.TB, change ...func(*page.Config)) *fixture {
	t.Helper()
	f := &fixture{t: t, change: change}
	f.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*f.handler.Load()).ServeHTTP(w, r) }))
	t.Cleanup(f.server.Close)
	f.host = f.server.Listener.Addr().String()
	f.restart()
	return f
}

// restart replaces the page with that of another process, which has its own store.
func (f *fixture) restart(deliveries ...store.Delivery) {
	f.t.Helper()
	s, err := store.Open(":memory:", 20_000)
	require.NoError(f.t, err)
	f.t.Cleanup(func() { _ = s.Close() })
	cfg := page.Config{Store: s, Secrets: []string{secret}, Target: target, Receive: "http://127.0.0.1:8787/",
		Path:  "/home/me/deliveries.db",
		Hosts: []string{f.host}, Replay: f.replay}
	for _, c := range f.change {
		c(&cfg)
	}
	handler := page.New(cfg)
	f.store = s
	for _, d := range deliveries {
		f.add(d)
	}
	f.handler.Store(&handler)
	f.server.CloseClientConnections()
}

// hold delays answers to addresses that begin with a prefix until release is called. It closes
// arrived when it has the first such request.
func (f *fixture) hold(prefix string) (arrived <-chan struct{}, release func()) {
	f.t.Helper()
	next, came, released := *f.handler.Load(), make(chan struct{}), make(chan struct{})
	arrive := sync.OnceFunc(func() { close(came) })
	handler := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.RequestURI, prefix) {
			arrive()
			select {
			case <-released:
			case <-r.Context().Done():
			}
		}
		next.ServeHTTP(w, r)
	}))
	f.handler.Store(&handler)
	release = sync.OnceFunc(func() { close(released) })
	f.t.Cleanup(release)
	return came, release
}

func withToken(token string) func(*page.Config) { return func(c *page.Config) { c.Token = token } }

// replay records the request, and answers like an application.
func (f *fixture) replay(ctx context.Context, id int64, to *url.URL, body []byte) error {
	address := to.String()
	f.mu.Lock()
	f.replays = append(f.replays, replayed{id, address, string(body)})
	f.mu.Unlock()
	return f.store.AddReplay(ctx, &store.Replay{Delivery: id, Edited: body != nil, Body: body, Answer: store.Answer{
		At: time.Now(), By: address, Status: 202, Header: http.Header{"Content-Type": {"text/html"}},
		Body:     []byte("replayed <b>well</b>"),
		Duration: 42 * time.Millisecond,
	}})
}

func (f *fixture) replayed() []replayed {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]replayed(nil), f.replays...)
}

func (f *fixture) add(d store.Delivery) int64 {
	f.t.Helper()
	require.NoError(f.t, f.store.Add(f.t.Context(), &d))
	return d.ID
}

func (f *fixture) answer(id int64, status int) {
	f.t.Helper()
	require.NoError(f.t, f.store.SetAnswer(f.t.Context(), id, answerOf(status)))
}

// again is a replay by another process.
func (f *fixture) again(id int64, status int) {
	f.t.Helper()
	require.NoError(f.t, f.store.AddReplay(f.t.Context(), &store.Replay{Delivery: id, Answer: answerOf(status)}))
}

func answerOf(status int) store.Answer {
	return store.Answer{At: time.Now(), By: target, Status: status, Duration: 3200 * time.Microsecond}
}

// authentic is a delivery as URLR sends it.
func authentic() store.Delivery {
	return authenticBody(urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest))
}

func authenticBody(body []byte) store.Delivery {
	return delivery(body, core.Sign(secret, body))
}

func delivery(body []byte, signature string) store.Delivery {
	return store.Delivery{
		Received: time.Now(), Remote: "127.0.0.1:40000", Path: "/", Body: body, Length: int64(len(body)),
		Header: http.Header{
			"Content-Type": {"application/json"}, "User-Agent": {"URLR"}, "X-Signature": {signature},
			"Date": {"Mon, 16 Oct 2023 08:00:00 GMT"},
		},
		Verdict: store.Authentic, Form: "raw", Code: "yBPhx", Country: "FR",
	}
}

// mismatch is a delivery whose keys a gateway has sorted.
func mismatch() store.Delivery {
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)
	var object map[string]any
	_ = json.Unmarshal(body, &object)
	changed, _ := json.Marshal(object)
	d := delivery(changed, core.Sign(secret, body))
	d.Verdict, d.Form, d.Problem = store.Refused, "", core.ErrSignatureMismatch.Error()
	return d
}

// has and lacks don't print a whole page when they fail.
func has(t testing.TB, text, part string, about ...any) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%v: %q is not there", about, part)
	}
}

func lacks(t testing.TB, text, part string, about ...any) {
	t.Helper()
	if i := strings.Index(text, part); i >= 0 {
		t.Errorf("%v: %q is there: %q", about, part, text[max(i-200, 0):min(i+200, len(text))])
	}
}

// An answer is a response with its body.
type answer struct {
	*http.Response
	text string
}

// do sends a request. A header "Host" is the host.
func (f *fixture) do(method, path string, form url.Values, header map[string]string) answer {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), method, f.server.URL+path, strings.NewReader(form.Encode()))
	require.NoError(f.t, err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	if host := header["Host"]; host != "" {
		r.Host = host
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	require.NoError(f.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(f.t, err)
	return answer{response, string(body)}
}

func (f *fixture) get(path string) answer {
	f.t.Helper()
	return f.do(http.MethodGet, path, nil, nil)
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// csrf is the token in a page.
func (f *fixture) csrf(id string) string {
	f.t.Helper()
	found := csrfField.FindStringSubmatch(f.get("/deliveries/" + id).text)
	require.Len(f.t, found, 2)
	return found[1]
}
