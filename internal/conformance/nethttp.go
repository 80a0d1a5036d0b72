package conformance

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A NewHandler mounts Verify, Deduplicate and a handler at POST [Path], for a framework based on
// net/http.
type NewHandler func(secret string, guard *dedupe.Guard, h http.HandlerFunc) http.Handler

// RunOverNetHTTP runs the tests of how net/http, and middleware around the framework, treat
// responses.
func RunOverNetHTTP(t *testing.T, newHandler NewHandler) {
	for name, test := range map[string]func(*testing.T, NewHandler){
		"takes an answer for delivered that can't be flushed":      testUnflushable,
		"keeps a credit for a deadline after the answer":           testDeadlineAfterTheAnswer,
		"notices that nothing could be written in time":            testWriteTimeout,
		"adds nothing to a compressed answer":                      testCompressed,
		"takes a complete answer for delivered over HTTP/2":        testHTTP2,
		"notices a client that leaves a fast handler":              testFastHandler,
		"looks at connections inside a timeout":                    testConnContextBuffered,
		"looks at connections":                                     testConnContext,
		"looks at encrypted connections":                           testConnContextTLS,
		"tells a server that stops from a client that disconnects": testBaseContext,
		"refuses deliveries once it is shut down":                  testShutdown,
	} {
		t.Run(name, func(t *testing.T) { test(t, newHandler) })
	}
}

// A netServer serves the handler of a NewHandler.
type netServer struct {
	*httptest.Server
	store *watchedStore
	guard *dedupe.Guard
	log   *safeBuffer
}

// newNetServer returns a server that is not started.
func newNetServer(
	t *testing.T, newHandler NewHandler, h http.HandlerFunc, around ...func(http.Handler) http.Handler,
) *netServer {
	t.Helper()
	s := &netServer{store: newWatchedStore(), log: &safeBuffer{}}
	s.guard = dedupe.New(s.store)
	handler := newHandler(secret, s.guard, h)
	for _, wrap := range around {
		handler = wrap(handler)
	}
	s.Server = httptest.NewUnstartedServer(handler)
	s.Config.ErrorLog = log.New(s.log, "", 0)
	t.Cleanup(s.Close)
	return s
}

func (s *netServer) deliver() (answer, error) {
	r := urlrtest.NewRequest(s.URL+Path, secret, event())
	r.Header.Set("Accept-Encoding", "gzip")
	response, err := s.Client().Do(r)
	if err != nil {
		return answer{}, err
	}
	return answer{status: response.StatusCode, header: response.Header}, response.Body.Close()
}

// dial sends a delivery and leaves the response unread.
func (s *netServer) dial(t *testing.T) *net.TCPConn {
	t.Helper()
	connection, err := net.Dial("tcp", s.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() }) // the test may have closed it
	sendRequest(t, connection)
	return connection.(*net.TCPConn)
}

func sendRequest(t *testing.T, connection net.Conn) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, urlrtest.NewRequest("http://receiver.test"+Path, secret, event()).Write(&b))
	_, err := connection.Write(b.Bytes())
	require.NoError(t, err)
}

func readStatus(t *testing.T, connection net.Conn) string {
	t.Helper()
	status := make([]byte, len("HTTP/1.1 204"))
	_, err := io.ReadFull(connection, status)
	require.NoError(t, err)
	return string(status[len("HTTP/1.1 "):])
}

// sendOneMore sends the first byte of another request. net/http does not read beyond it.
func sendOneMore(t *testing.T, connection net.Conn) {
	t.Helper()
	_, err := io.WriteString(connection, "P")
	require.NoError(t, err)
	time.Sleep(50 * time.Millisecond) // until net/http has read it
}

// A safeBuffer is a buffer that is safe for concurrent use.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func noContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// An assertingWriter asserts optional interfaces without checking, as many wrappers do.
type assertingWriter struct{ http.ResponseWriter }

func (w assertingWriter) Flush() { w.ResponseWriter.(http.Flusher).Flush() }

// A plainWriter has only the methods of an http.ResponseWriter.
type plainWriter struct{ w http.ResponseWriter }

func (w plainWriter) Header() http.Header { return w.w.Header() }

func (w plainWriter) Write(p []byte) (int, error) { return w.w.Write(p) }

func (w plainWriter) WriteHeader(status int) { w.w.WriteHeader(status) }

func wrapWriter(wrap func(http.ResponseWriter) http.ResponseWriter) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(wrap(w), r) })
	}
}

func withTimeout(d time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return http.TimeoutHandler(next, d, "") }
}

// A writer that can't be flushed reveals nothing, whether it returns an error or panics.
func testUnflushable(t *testing.T, newHandler NewHandler) {
	asserting := wrapWriter(func(w http.ResponseWriter) http.ResponseWriter { return assertingWriter{w} })
	plain := wrapWriter(func(w http.ResponseWriter) http.ResponseWriter { return plainWriter{w} })
	for name, around := range map[string][]func(http.Handler) http.Handler{
		"a timeout":                    {withTimeout(time.Minute)},
		"a wrapper inside a timeout":   {asserting, withTimeout(time.Minute)},
		"no method":                    {plain},
		"a wrapper without the method": {asserting, plain},
	} {
		t.Run(name, func(t *testing.T) {
			handled := 0
			s := newNetServer(t, newHandler, func(w http.ResponseWriter, r *http.Request) {
				handled++
				noContent(w, r)
			}, around...)
			s.Start()
			for range 2 { // twins
				got, err := s.deliver()
				require.NoError(t, err)
				assert.Equal(t, http.StatusNoContent, got.status)
				assert.False(t, s.store.nextEnd(t), "a credit is kept")
			}
			assert.Equal(t, 2, handled)
			assert.Empty(t, s.log.String())
		})
	}
}

// A TimeoutHandler may send 503 after Deduplicate has treated the response as delivered.
func testDeadlineAfterTheAnswer(t *testing.T, newHandler NewHandler) {
	handled := 0
	s := newNetServer(t, newHandler, func(w http.ResponseWriter, r *http.Request) {
		handled++
		noContent(w, r)
	}, withTimeout(time.Second))
	s.Start()
	s.store.endTakes.Store(int64(1500 * time.Millisecond))
	got, err := s.deliver()
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, got.status)
	s.store.endTakes.Store(0)
	assert.False(t, s.store.nextEnd(t))
	assert.True(t, s.store.nextEnd(t), "a credit is kept")

	got, err = s.deliver()
	require.NoError(t, err)
	assert.Equal(t, http.StatusNoContent, got.status)
	assert.Equal(t, 1, handled)
}

func testWriteTimeout(t *testing.T, newHandler NewHandler) {
	for name, answer := range map[string]http.HandlerFunc{
		"nothing": func(http.ResponseWriter, *http.Request) {},
		"204":     noContent,
		"a body":  func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newNetServer(t, newHandler, func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(200 * time.Millisecond)
				answer(w, r)
			})
			s.Config.WriteTimeout = 50 * time.Millisecond
			s.Start()
			_, err := s.deliver()
			require.Error(t, err)
			assert.True(t, s.store.nextEnd(t), "a credit is kept")
		})
	}
}

// A compressingWriter delays the header, and starts a compressed body when flushed, like that of
// Echo's Gzip.
type compressingWriter struct {
	http.ResponseWriter
	status int
}

func (w *compressingWriter) WriteHeader(status int) { w.status = status }

func (w *compressingWriter) Flush() {
	w.Header().Set("Content-Encoding", "gzip")
	w.ResponseWriter.WriteHeader(w.status)
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

func testCompressed(t *testing.T, newHandler NewHandler) {
	compress := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Vary", "Accept-Encoding")
			compressing := &compressingWriter{w, http.StatusOK}
			next.ServeHTTP(compressing, r)
			w.WriteHeader(compressing.status)
		})
	}
	for want, answer := range map[int]http.HandlerFunc{
		http.StatusOK:        func(http.ResponseWriter, *http.Request) {},
		http.StatusNoContent: noContent,
	} {
		s := newNetServer(t, newHandler, answer, compress)
		s.Start()
		got, err := s.deliver()
		require.NoError(t, err)
		assert.Equal(t, want, got.status)
		assert.Empty(t, got.header.Get("Content-Encoding"))
		assert.False(t, s.store.nextEnd(t), "a credit is kept")
		assert.Empty(t, s.log.String())
	}
}

// A client may close its stream once it has the whole response, while the handler is still running.
func testHTTP2(t *testing.T, newHandler NewHandler) {
	for name, test := range map[string]struct {
		answer     func(w http.ResponseWriter)
		body       string
		flushAgain bool
		lost       bool
	}{
		"without a body":           {answer: earlyNoContent},
		"without a body, flushed":  {answer: earlyNoContent, flushAgain: true},
		"of a known length":        {answer: earlyBody, body: "done"},
		"of a known length, twice": {answer: earlyBody, body: "done", flushAgain: true},
		"the beginning":            {answer: earlyBeginning, body: "working", lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newNetServer(t, newHandler, func(w http.ResponseWriter, r *http.Request) {
				test.answer(w)
				<-r.Context().Done()
				time.Sleep(20 * time.Millisecond) // the stream is closed shortly after its context is done
				if test.flushAgain {
					err := http.NewResponseController(w).Flush() // Echo's own Flush returns no error
					t.Log(err)
				}
			})
			s.EnableHTTP2 = true
			s.StartTLS()
			ctx, hangUp := context.WithCancel(t.Context())
			response, err := s.Client().Do(urlrtest.NewRequest(s.URL+Path, secret, event()).WithContext(ctx))
			require.NoError(t, err)
			assert.Equal(t, 2, response.ProtoMajor)
			got := make([]byte, len(test.body))
			_, err = io.ReadFull(response.Body, got)
			require.NoError(t, err)
			assert.Equal(t, test.body, string(got))
			hangUp()
			_ = response.Body.Close() // it was canceled
			assert.Equal(t, test.lost, s.store.nextEnd(t), "a credit is kept")
		})
	}
}

func earlyNoContent(w http.ResponseWriter) {
	w.WriteHeader(http.StatusNoContent)
	_ = http.NewResponseController(w).Flush()
}

func earlyBody(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "4")
	_, _ = io.WriteString(w, "done")
}

func earlyBeginning(w http.ResponseWriter) {
	_, _ = io.WriteString(w, "working")
	_ = http.NewResponseController(w).Flush()
}

// dedupe.ConnContext detects what can't be detected without it.
func testConnContext(t *testing.T, newHandler NewHandler) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells everything about a connection")
	}
	closeIt := func(t *testing.T, c *net.TCPConn) { require.NoError(t, c.Close()) }
	resetIt := func(t *testing.T, c *net.TCPConn) { require.NoError(t, c.SetLinger(0)); closeIt(t, c) }
	for name, test := range map[string]struct {
		during, after func(t *testing.T, c *net.TCPConn)
		without, with bool // a credit is kept
	}{
		"a client that stays":    {after: closeIt},
		"a client that resets":   {after: resetIt},
		"a client that gives up": {during: closeIt, without: true, with: true},
		"a client that gives up unseen": {
			during: func(t *testing.T, c *net.TCPConn) {
				sendOneMore(t, c)
				closeIt(t, c)
			},
			without: false, with: true,
		},
		"a client that closes its side": {
			during: func(t *testing.T, c *net.TCPConn) { require.NoError(t, c.CloseWrite()) },
			after:  closeIt, without: true, with: false,
		},
	} {
		for setUp, want := range map[string]bool{"without": test.without, "with": test.with} {
			t.Run(name+" "+setUp, func(t *testing.T) {
				entered, leave := make(chan bool), make(chan bool)
				s := newNetServer(t, newHandler, func(w http.ResponseWriter, r *http.Request) {
					entered <- true
					<-leave
					noContent(w, r)
				})
				if setUp == "with" {
					s.Config.ConnContext = dedupe.ConnContext
				}
				s.Start()
				connection := s.dial(t)
				<-entered
				if test.during != nil {
					test.during(t, connection)
					time.Sleep(50 * time.Millisecond) // until the server can detect that
				}
				leave <- true
				if test.after != nil {
					assert.Equal(t, "204", readStatus(t, connection))
					test.after(t, connection)
				}
				assert.Equal(t, want, s.store.nextEnd(t), "a credit is kept")
			})
		}
	}
}

// A response that outer middleware is yet to send has not arrived when Deduplicate checks.
func testConnContextBuffered(t *testing.T, newHandler NewHandler) {
	entered, leave := make(chan bool), make(chan bool)
	s := newNetServer(t, newHandler, func(w http.ResponseWriter, r *http.Request) {
		entered <- true
		<-leave
		noContent(w, r)
	}, withTimeout(time.Minute))
	s.Config.ConnContext = dedupe.ConnContext
	s.Start()
	connection := s.dial(t)
	<-entered
	require.NoError(t, connection.Close())
	time.Sleep(50 * time.Millisecond) // until the server can detect that
	leave <- true
	assert.True(t, s.store.nextEnd(t), "a credit is kept")
}

// net/http needs time to detect that a client has disconnected, even if the handler is fast.
func testFastHandler(t *testing.T, newHandler NewHandler) {
	const clicks = 100
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // as if the other processors were busy
	s := newNetServer(t, newHandler, noContent)
	s.Start()
	credits := 0
	for range clicks {
		require.NoError(t, s.dial(t).Close())
		if s.store.nextEnd(t) {
			credits++
		}
	}
	assert.Greater(t, credits, clicks/2)
}

func testConnContextTLS(t *testing.T, newHandler NewHandler) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells that an encrypted connection is closed")
	}
	for _, givesUp := range []bool{false, true} {
		entered, leave := make(chan bool), make(chan bool)
		s := newNetServer(t, newHandler, func(w http.ResponseWriter, r *http.Request) {
			entered <- true
			<-leave
			noContent(w, r)
		})
		s.Config.ConnContext = dedupe.ConnContext
		s.StartTLS()
		config := s.Client().Transport.(*http.Transport).TLSClientConfig
		connection, err := tls.Dial("tcp", s.Listener.Addr().String(), config)
		require.NoError(t, err)
		t.Cleanup(func() { _ = connection.Close() }) // the test may have closed it
		sendRequest(t, connection)
		<-entered
		if givesUp {
			sendOneMore(t, connection)
			require.NoError(t, connection.Close())
			time.Sleep(50 * time.Millisecond) // until the server can detect that
		}
		leave <- true
		assert.Equal(t, givesUp, s.store.nextEnd(t), "a credit is kept")
	}
}

// Canceling the BaseContext, for example at SIGTERM, cancels the context of each request.
func testBaseContext(t *testing.T, newHandler NewHandler) {
	for _, givesUp := range []bool{false, true} {
		base, stop := context.WithCancel(t.Context())
		entered, leave := make(chan bool), make(chan bool)
		s := newNetServer(t, newHandler, func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			entered <- true
			<-leave
			noContent(w, r)
		})
		s.Config.ConnContext = dedupe.ConnContext
		s.Config.BaseContext = func(net.Listener) context.Context { return base }
		s.Start()
		connection := s.dial(t)
		time.Sleep(50 * time.Millisecond) // until it is being handled
		stop()
		<-entered
		if givesUp {
			require.NoError(t, connection.Close())
			time.Sleep(50 * time.Millisecond) // until the server can detect that
		}
		leave <- true
		assert.Equal(t, givesUp, s.store.nextEnd(t), "a credit is kept")
		if !givesUp {
			assert.Empty(t, s.store.abandoned, "twins need not wait")
		}
	}
}

func testShutdown(t *testing.T, newHandler NewHandler) {
	s := newNetServer(t, newHandler, noContent)
	s.Start()
	got, err := s.deliver()
	require.NoError(t, err)
	assert.Equal(t, http.StatusNoContent, got.status)
	require.NoError(t, s.guard.Shutdown(t.Context()))
	got, err = s.deliver()
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, got.status)
	assert.NotEmpty(t, got.header.Get("Retry-After"))
}
