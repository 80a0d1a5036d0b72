package core_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

// newRequest returns a signed request whose body has an unknown length.
func newRequest(body io.Reader, signed string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", struct{ io.Reader }{body})
	r.Header.Set("X-Signature", core.Sign(secret, []byte(signed)))
	return r
}

func TestVerifyRequest(t *testing.T) {
	for name, body := range map[string]io.Reader{
		"at once":          strings.NewReader(bodyMay2026),
		"byte by byte":     iotest.OneByteReader(strings.NewReader(bodyMay2026)),
		"with the end":     iotest.DataErrReader(strings.NewReader(bodyMay2026)),
		"half by half":     iotest.HalfReader(strings.NewReader(bodyMay2026)),
		"with empty reads": &stutterer{r: strings.NewReader(bodyMay2026)},
	} {
		for _, declared := range []int64{-1, int64(len(bodyMay2026))} {
			r := newRequest(body, bodyMay2026)
			r.ContentLength = declared
			e, err := core.MustVerifier(secret).VerifyRequest(r)
			require.NoError(t, err, name)
			assert.Equal(t, "yBPhx", e.Link.Code)
			again, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			assert.Equal(t, bodyMay2026, string(again), name)
			body = strings.NewReader(bodyMay2026)
		}
	}
}

// A stutterer returns 0, nil from every other Read, as io.Reader allows.
type stutterer struct {
	r   io.Reader
	odd bool
}

func (s *stutterer) Read(p []byte) (int, error) {
	if s.odd = !s.odd; s.odd {
		return 0, nil
	}
	return s.r.Read(p)
}

func TestOnlyOneSignatureHeader(t *testing.T) {
	good := core.Sign(secret, []byte(bodyMay2026))
	for _, test := range []struct {
		values []string
		want   error
	}{
		{nil, core.ErrNoSignature},
		{[]string{""}, core.ErrNoSignature},
		{[]string{good}, nil},
		{[]string{good, good}, core.ErrMalformedSignature},
		{[]string{good, "x"}, core.ErrMalformedSignature},
		{[]string{"", good}, core.ErrMalformedSignature},
		{[]string{good, ""}, core.ErrMalformedSignature},
		{[]string{good + "," + good}, core.ErrMalformedSignature},
	} {
		r := newRequest(strings.NewReader(bodyMay2026), "")
		r.Header["X-Signature"] = test.values
		_, err := core.MustVerifier(secret).VerifyRequest(r)
		assert.ErrorIs(t, err, test.want, "%q", test.values)
	}
}

// A request without a signature must not cause reads.
func TestBodyIsNotReadWithoutSignature(t *testing.T) {
	body := &counter{r: strings.NewReader(bodyMay2026)}
	r := newRequest(body, bodyMay2026)
	r.Header.Set("X-Signature", "nonsense")
	_, err := core.MustVerifier(secret).VerifyRequest(r)
	assert.ErrorIs(t, err, core.ErrMalformedSignature)
	assert.Zero(t, body.n)
}

// A counter counts the bytes read.
type counter struct {
	r io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func TestMaxBodyBytes(t *testing.T) {
	const limit = 1000
	exact := `{"event":"` + strings.Repeat("e", limit-12) + `"}`
	for _, test := range []struct {
		name, body     string
		declared, read int
		want           error
	}{
		{"exact", exact, -1, limit, nil},
		{"exact, declared", exact, limit, limit, nil},
		{"one more", exact + " ", -1, limit + 1, core.ErrBodyTooLarge},
		{"one more, declared", exact + " ", limit + 1, 0, core.ErrBodyTooLarge},
		{"one more, declared as less", exact + " ", limit, limit + 1, core.ErrBodyTooLarge},
		{"far more", strings.Repeat(exact, 1000), -1, limit + 1, core.ErrBodyTooLarge},
		{"far more, declared", strings.Repeat(exact, 1000), 1000 * limit, 0, core.ErrBodyTooLarge},
		{"far more, declared as little", strings.Repeat(exact, 1000), 10, limit + 1, core.ErrBodyTooLarge},
		{"little, declared as huge", `{"event":"e"}`, math.MaxInt, 0, core.ErrBodyTooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := &counter{r: strings.NewReader(test.body)}
			r := newRequest(body, test.body)
			r.ContentLength = int64(test.declared)
			_, err := core.MustVerifier(secret, core.WithMaxBodyBytes(limit)).VerifyRequest(r)
			assert.ErrorIs(t, err, test.want)
			assert.Equal(t, test.read, body.n, "bytes read")
			again, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			assert.Equal(t, test.body, string(again), "put back")
		})
	}
}

func TestLargestLimit(t *testing.T) {
	v := core.MustVerifier(secret, core.WithMaxBodyBytes(math.MaxInt64))
	_, err := v.VerifyRequest(newRequest(strings.NewReader(bodyMay2026), bodyMay2026))
	assert.NoError(t, err)
}

// A declared length sizes the buffer, but is not trusted for large ones.
func TestDeclaredLength(t *testing.T) {
	large := `{"event":"` + strings.Repeat("e", 60_000) + `"}`
	bytes := allocated(t, large, int64(len(large)), core.DefaultMaxBodyBytes)
	assert.Less(t, bytes, uint64(4*len(large)), "for the body and the event")
	bytes = allocated(t, `{"event":"e"}`, 1<<40, 1<<50)
	assert.Less(t, bytes, uint64(2<<20), "the limit is high, the declared length a lie")
}

// allocated returns the number of bytes allocated while verifying a request.
func allocated(t *testing.T, body string, declared, limit int64) uint64 {
	v := core.MustVerifier(secret, core.WithMaxBodyBytes(limit))
	r := newRequest(strings.NewReader(body), body)
	r.ContentLength = declared
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := v.VerifyRequest(r)
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	return after.TotalAlloc - before.TotalAlloc
}

// errLimit is the error of a reader with its own limit.
var errLimit = fmt.Errorf("a limit of a framework: %w", core.ErrBodyTooLarge)

func TestUnreadableBody(t *testing.T) {
	then := func(body string, err error) io.Reader {
		return io.MultiReader(strings.NewReader(body), iotest.ErrReader(err))
	}
	limited := http.MaxBytesReader(nil, io.NopCloser(strings.NewReader(bodyMay2026)), 100)
	for name, test := range map[string]struct {
		body io.Reader
		want error
	}{
		"at once":             {iotest.ErrReader(errBroken), core.ErrBodyUnreadable},
		"half-way":            {then(bodyMay2026[:100], errBroken), core.ErrBodyUnreadable},
		"after the end":       {then(bodyMay2026, io.ErrUnexpectedEOF), core.ErrBodyUnreadable},
		"wrapped end":         {then(bodyMay2026, fmt.Errorf("early: %w", io.EOF)), core.ErrBodyUnreadable},
		"http.MaxBytesReader": {limited, core.ErrBodyTooLarge},
		"another limit":       {iotest.ErrReader(errLimit), core.ErrBodyTooLarge},
	} {
		r := newRequest(test.body, bodyMay2026)
		e, err := core.MustVerifier(secret).VerifyRequest(r)
		assert.Equal(t, test.want, errors.Unwrap(err), name)
		assert.Equal(t, core.StatusCode(test.want), core.StatusCode(err), name)
		assert.Nil(t, e)
	}
}

// errBroken resembles the errors of servers, which quote their buffers.
var errBroken = errors.New("malformed chunk trailer: \"POST / HTTP/1.1\\r\\nX-Signature: 0123456789abcdef\"")

// errors.Is finds the cause of an unreadable body, but no text shows it.
func TestUnreadableBodyHidesItsCause(t *testing.T) {
	for _, test := range []struct {
		cause error
		text  string
	}{
		{errBroken, ""},
		{errLimit, ""},
		{fmt.Errorf("%w: %w", io.ErrUnexpectedEOF, errBroken), ": unexpected EOF"},
		{fmt.Errorf("%w: %w", os.ErrDeadlineExceeded, errBroken), ": timeout"},
		{fmt.Errorf("%w: %w", context.DeadlineExceeded, errBroken), ": timeout"},
		{fmt.Errorf("%w: %w", context.Canceled, errBroken), ": request canceled"},
		{&net.OpError{Op: "read", Err: errBroken}, ""},
		{&http.MaxBytesError{Limit: 100}, ""},
	} {
		var log strings.Builder
		observer := core.LogObserver(slog.New(slog.NewTextHandler(&log, nil)))
		v := core.MustVerifier(secret, core.WithObserver(observer))
		_, err := v.VerifyRequest(newRequest(iotest.ErrReader(test.cause), bodyMay2026))
		require.ErrorIs(t, err, test.cause)
		sentinel := errors.Unwrap(err)
		assert.Equal(t, sentinel.Error()+test.text, err.Error())
		assert.NoError(t, errors.Unwrap(sentinel), "unwrapping must not lead to the cause")
		for _, text := range []string{log.String(), fmt.Sprintf("%v %+v %q", err, err, err)} {
			assert.NotContains(t, text, "POST")
			assert.NotContains(t, text, "0123456789abcdef")
		}
	}

	limited := newRequest(iotest.ErrReader(&http.MaxBytesError{Limit: 100}), bodyMay2026)
	_, err := core.MustVerifier(secret).VerifyRequest(limited)
	var limit *http.MaxBytesError
	require.ErrorAs(t, err, &limit)
	assert.EqualValues(t, 100, limit.Limit)
}

// net/http responds at once only if the request still has the original body.
func TestUntouchedBodyStaysInTheRequest(t *testing.T) {
	for name, change := range map[string]func(r *http.Request){
		"no signature":        func(r *http.Request) { r.Header.Del("X-Signature") },
		"malformed signature": func(r *http.Request) { r.Header.Set("X-Signature", "x") },
		"declared too large":  func(r *http.Request) { r.ContentLength = core.DefaultMaxBodyBytes + 1 },
		"broken at once":      func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(errBroken)) },
	} {
		r := newRequest(strings.NewReader(bodyMay2026), bodyMay2026)
		change(r)
		body := r.Body
		_, err := core.MustVerifier(secret).VerifyRequest(r)
		assert.Error(t, err, name)
		assert.True(t, body == r.Body, name) //nolint:testifylint // Same wants pointers
	}
}

func TestZeroVerifierReadsNothing(t *testing.T) {
	body := &counter{r: strings.NewReader(bodyMay2026)}
	_, err := new(core.Verifier).VerifyRequest(newRequest(body, bodyMay2026))
	assert.ErrorContains(t, err, "zero Verifier")
	assert.Equal(t, http.StatusInternalServerError, core.StatusCode(err))
	assert.Zero(t, body.n)
}

func TestRequestWithoutBody(t *testing.T) {
	r := newRequest(nil, "")
	r.Body = nil
	_, err := core.MustVerifier(secret).VerifyRequest(r)
	assert.ErrorIs(t, err, core.ErrMalformedEvent)

	r = newRequest(http.NoBody, "")
	_, err = core.MustVerifier(secret).VerifyRequest(r)
	assert.ErrorIs(t, err, core.ErrMalformedEvent)
}

func TestClosingTheBodyPutBack(t *testing.T) {
	original := &closer{Reader: strings.NewReader(bodyMay2026)}
	r := newRequest(nil, bodyMay2026)
	r.Body = original
	_, err := core.MustVerifier(secret).VerifyRequest(r)
	require.NoError(t, err)
	assert.False(t, original.closed)
	require.NoError(t, r.Body.Close())
	assert.True(t, original.closed)
}

type closer struct {
	io.Reader
	closed bool
}

func (c *closer) Close() error { c.closed = true; return nil }
