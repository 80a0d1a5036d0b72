package receiver_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/receiver"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const (
	secret = "whsec_receiver"
	keep   = 100 // deliveries
)

var body = urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)

var transport = &http.Transport{DisableCompression: true} // so that the headers are those of the request

// A scene is a running receiver.
type scene struct {
	*testing.T
	url      string
	store    *store.Store
	receiver *receiver.Receiver

	mu        sync.Mutex
	arrived   []int64
	reported  []int64
	overloads []string
	loops     int
}

func newScene(t *testing.T, application http.Handler, secrets ...string) *scene {
	t.Helper()
	deliveries, err := store.Open(":memory:", keep)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, deliveries.Close()) })
	s := &scene{T: t, store: deliveries}
	cfg := receiver.Config{Store: deliveries, Secrets: secrets, Arrived: s.arrive, Answered: s.report,
		Overload: s.overload, Loop: s.loop}
	if application != nil {
		cfg.Client = newClient(t)
		cfg.Target, err = url.Parse(serve(t, application) + "/webhooks/urlr?from=urlrhook")
		require.NoError(t, err)
	}
	s.receiver, err = receiver.New(cfg)
	require.NoError(t, err)
	s.url = serve(t, s.receiver)
	return s
}

func serve(t *testing.T, h http.Handler) string {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func (s *scene) arrive(d *store.Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived = append(s.arrived, d.ID)
}

func (s *scene) report(d *store.Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reported = append(s.reported, d.ID)
}

func (s *scene) overload(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.overloads = append(s.overloads, reason)
}

func (s *scene) loop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loops++
}

// An answer is what the sender gets.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *scene) send(r *http.Request) answer {
	s.Helper()
	response, err := transport.RoundTrip(r.WithContext(s.Context()))
	require.NoError(s, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(s, err)
	return answer{response.StatusCode, response.Header, string(body)}
}

// kept returns the newest delivery.
func (s *scene) kept() *store.Delivery {
	s.Helper()
	list, err := s.store.List(s.Context(), store.Filter{Limit: 1})
	require.NoError(s, err)
	require.Len(s, list, 1)
	d, err := s.store.Get(s.Context(), list[0].ID)
	require.NoError(s, err)
	return d
}

func (s *scene) request() *http.Request {
	return urlrtest.NewRequestWithBody(s.url+"/anything?a=b", secret, body)
}

func TestVerdicts(t *testing.T) {
	large := bytes.Repeat([]byte("x"), core.DefaultMaxBodyBytes+1)
	for name, test := range map[string]struct {
		secrets []string
		change  func(*http.Request)
		verdict store.Verdict
		form    string
		status  int
	}{
		"authentic":  {[]string{secret}, func(*http.Request) {}, store.Authentic, "raw", 204},
		"old secret": {[]string{"new", secret}, func(*http.Request) {}, store.Authentic, "raw", 204},
		"re-encoded": {[]string{secret}, func(r *http.Request) { setBody(r, urlrtest.Reencode(body)) },
			store.Authentic, "php", 204},
		"another secret": {[]string{"another"}, func(*http.Request) {}, store.Refused, "", 401},
		"no signature": {[]string{secret}, func(r *http.Request) { r.Header.Del(core.SignatureHeader) },
			store.Refused, "", 401},
		"two signatures": {[]string{secret}, func(r *http.Request) {
			r.Header.Add(core.SignatureHeader,
				core.Sign(secret, body))
		}, store.Refused, "", 401},
		"too large": {[]string{secret}, func(r *http.Request) { setBody(r, large) }, store.Refused, "", 413},
		"no secret": {nil, func(*http.Request) {}, store.Unchecked, "", 204},
		"no event": {[]string{secret}, func(r *http.Request) {
			setBody(r, []byte("{}"))
			r.Header.Set(core.SignatureHeader, core.Sign(secret, []byte("{}")))
		}, store.Refused, "raw", 422},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, nil, test.secrets...)
			r := s.request()
			test.change(r)
			got := s.send(r)
			assert.Equal(t, test.status, got.status)
			d := s.kept()
			assert.Equal(t, test.verdict, d.Verdict)
			assert.Equal(t, test.form, d.Form)
			assert.Equal(t, test.verdict == store.Refused, d.Problem != "")
			assert.Equal(t, "/anything?a=b", d.Path)
			assert.Equal(t, test.status, d.Answer.Status)
			assert.Empty(t, d.Answer.By)
		})
	}
}

func setBody(r *http.Request, body []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// What is kept is what was sent, byte for byte; of a body that is too large, the beginning.
func TestBodies(t *testing.T) {
	s := newScene(t, nil, secret)
	for _, body := range []string{"", "\x00\xff\r\n", strings.Repeat("é", core.DefaultMaxBodyBytes/2)} {
		r := s.request()
		setBody(r, []byte(body))
		s.send(r)
		assert.Equal(t, body, string(s.kept().Body))
		assert.EqualValues(t, len(body), s.kept().Length)
	}
	r := s.request()
	setBody(r, bytes.Repeat([]byte("y"), 200_000))
	s.send(r)
	assert.Equal(t, strings.Repeat("y", 4096), string(s.kept().Body))
	assert.EqualValues(t, 200_000, s.kept().Length)

	r = s.request()
	setBody(r, bytes.Repeat([]byte("z"), 200_000))
	r.ContentLength = -1
	s.send(r)
	assert.EqualValues(t, -1, s.kept().Length, "of a chunked body nobody knows the length")
}

// An unverified delivery is shown, too.
func TestClaims(t *testing.T) {
	s := newScene(t, nil, "another")
	for body, want := range map[string][2]string{
		`{"link":{"code":"yBPhx"},"country":"FR"}`:   {"yBPhx", "FR"},
		`{"link":{"code":"yBPhx"},"country":null}`:   {"yBPhx", ""},
		`{"link":{"code":"yBPhx"},"country":["FR"]}`: {"yBPhx", ""},
		`{"link":`: {"", ""},
		``:         {"", ""},
	} {
		r := s.request()
		setBody(r, []byte(body))
		s.send(r)
		assert.Equal(t, want, [2]string{s.kept().Code, s.kept().Country}, body)
	}
}

// The application gets what was sent, and the sender what the application answered, even if the
// signature is not good.
func TestForwarding(t *testing.T) {
	var got *http.Request
	var gotBody []byte
	s := newScene(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		gotBody, _ = io.ReadAll(r.Body)
		w.Header().Set("X-Application", "here")
		w.Header()["Content-Type"] = nil
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "short and stout")
	}), "another")
	r := s.request()
	r.Header.Set("X-Hop", "1")
	r.Header.Set("Connection", "X-Hop")
	r.Header.Set("Expect", "100-continue")
	answer := s.send(r)
	assert.Equal(t, http.StatusTeapot, answer.status)
	assert.Equal(t, "short and stout", answer.body)
	assert.Equal(t, "here", answer.header.Get("X-Application"))
	assert.Empty(t, answer.header.Values("Content-Type"), "the application sent none")

	assert.Equal(t, "/webhooks/urlr?from=urlrhook", got.URL.RequestURI())
	assert.Equal(t, body, gotBody)
	for _, name := range []string{"X-Signature", "User-Agent", "Content-Type", "Date"} {
		assert.Equal(t, r.Header.Get(name), got.Header.Get(name), name)
	}
	assert.Empty(t, got.Header.Get("X-Hop"))
	assert.Empty(t, got.Header.Get("Expect"), "the receiver has said to continue")
	assert.Empty(t, got.Header.Get("Accept-Encoding"))

	d := s.kept()
	assert.Equal(t, store.Refused, d.Verdict)
	assert.Equal(t, http.StatusTeapot, d.Answer.Status)
	assert.Equal(t, "short and stout", string(d.Answer.Body))
	assert.Equal(t, "here", d.Answer.Header.Get("X-Application"))
	assert.Contains(t, d.Answer.By, "/webhooks/urlr")
}

// An incomplete delivery does not reach the application, and a sender that is still connected gets
// 400.
func TestBodyBreaksOff(t *testing.T) {
	s := newScene(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("forwarded") }), secret)
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(t, err)
	defer connection.Close()
	_, err = io.WriteString(connection, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nthe beginning")
	require.NoError(t, err)
	require.NoError(t, connection.(*net.TCPConn).CloseWrite())
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
	assert.Equal(t, "the beginning", string(s.kept().Body))
	assert.Equal(t, core.ErrBodyUnreadable.Error(), s.kept().Problem,
		"no text of an error below, which may quote a body")
	assert.False(t, s.kept().IsWhole())
}

// The application answers with a redirect, or with nothing.
func TestForwardingFails(t *testing.T) {
	s := newScene(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere",
			http.StatusFound)
	}))
	got := s.send(s.request())
	assert.Equal(t, http.StatusFound, got.status)

	s = newScene(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	got = s.send(s.request())
	assert.Equal(t, http.StatusBadGateway, got.status)
	assert.Zero(t, s.kept().Answer.Status)
	assert.NotEmpty(t, s.kept().Answer.Error)
	ids, err := s.store.IDs(t.Context(), store.Filter{Status: store.Failed})
	require.NoError(t, err)
	assert.Len(t, ids, 1)
}

// The application notices that the sender disconnects, as it would without urlrhook.
func TestSenderGoesAway(t *testing.T) {
	handling, gone := make(chan bool), make(chan bool)
	s := newScene(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		handling <- true
		<-r.Context().Done()
		gone <- true
	}))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-handling
		cancel()
	}()
	_, err := http.DefaultClient.Do(s.request().WithContext(ctx)) //nolint:bodyclose // there is no answer
	require.ErrorIs(t, err, context.Canceled)
	<-gone
}

// A delivery that can't be kept gets no 2xx and is reported, so that the sender repeats it.
func TestDatabaseFails(t *testing.T) {
	s := newScene(t, nil, secret)
	require.NoError(t, s.store.Close())
	got := s.send(s.request())
	assert.Equal(t, http.StatusServiceUnavailable, got.status)
	assert.NotEmpty(t, got.header.Get("Retry-After"))
	assert.Len(t, s.overloads, 1)
	assert.Empty(t, s.reported)
}

// A delivery that was dropped before the application answered still gets its answer.
func TestDroppedWhileForwarded(t *testing.T) {
	var s *scene
	s = newScene(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range keep {
			d := store.Delivery{Received: time.Now(), Verdict: store.Unchecked}
			assert.NoError(t, s.store.Add(r.Context(), &d))
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	assert.Equal(t, http.StatusAccepted, s.send(s.request()).status)
	assert.Empty(t, s.overloads)
	assert.Equal(t, []int64{1}, s.reported)
	_, err := s.store.Get(t.Context(), 1)
	assert.ErrorIs(t, err, store.ErrNotFound)
}

// Deliveries over the limit are answered with 503 and reported.
func TestOverload(t *testing.T) {
	handling, leave := make(chan bool), make(chan bool)
	s := newScene(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		handling <- true
		<-leave
	}), secret)
	s.receiver.SetMaxUnderWay(1)
	first := make(chan answer)
	go func() { first <- s.send(s.request()) }()
	<-handling
	got := s.send(s.request())
	assert.Equal(t, http.StatusServiceUnavailable, got.status)
	assert.NotEmpty(t, got.header.Get("Retry-After"))
	leave <- true
	assert.Equal(t, http.StatusOK, (<-first).status)
	assert.Len(t, s.overloads, 1)
	list, err := s.store.List(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Len(t, list, 1)
}

// Senders that stop in the middle of a delivery do not block others.
func TestHalfSent(t *testing.T) {
	s := newScene(t, nil, secret)
	s.receiver.SetMaxUnderWay(1)
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(t, err)
	defer connection.Close()
	_, err = io.WriteString(connection,
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n")
	require.NoError(t, err)
	line, err := bufio.NewReader(connection).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, "100 Continue", "its body is being read")
	assert.Equal(t, http.StatusNoContent, s.send(s.request()).status)
	assert.Empty(t, s.overloads)
}

func TestOtherMethods(t *testing.T) {
	s := newScene(t, nil, secret)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url, nil)
	require.NoError(t, err)
	got := s.send(r)
	assert.Equal(t, http.StatusMethodNotAllowed, got.status)
}

// No website can send deliveries from a browser, not even with DNS rebinding.
func TestBrowsers(t *testing.T) {
	s := newScene(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("forwarded") }), secret)
	for _, header := range []string{"Origin: https://example.com", "Origin: null", "Origin: " + s.url,
		"Sec-Fetch-Site: same-origin"} {
		r := s.request()
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
		assert.Equal(t, http.StatusForbidden, s.send(r).status, header)
	}
	n, err := s.store.Count(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Zero(t, n)
	assert.Empty(t, s.reported)
}

// A delivery is reported once it is stored, before the application gets it, and again with its
// answer.
func TestArrivalIsToldBeforeTheAnswer(t *testing.T) {
	var s *scene
	s = newScene(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		assert.Equal(t, []int64{1}, s.arrived)
		assert.Empty(t, s.reported)
	}), secret)
	s.send(s.request())
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.reported) == 1
	}, 10*time.Second, time.Millisecond)

	alone := newScene(t, nil, secret)
	alone.send(alone.request())
	assert.Empty(t, alone.arrived, "its answer is there when it arrives")
}

// A reported delivery is reported again even if its answer can't be stored.
func TestArrivalIsEnded(t *testing.T) {
	var s *scene
	s = newScene(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { _ = s.store.Close() }), secret)
	assert.Equal(t, http.StatusServiceUnavailable, s.send(s.request()).status)
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.arrived) == 1 && len(s.reported) == 1 && len(s.overloads) == 1
	}, 10*time.Second, time.Millisecond)
}

func newClient(t testing.TB) *forward.Client {
	t.Helper()
	client, err := forward.NewClient(forward.Options{})
	require.NoError(t, err)
	return client
}
