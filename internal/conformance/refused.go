package conformance

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// private is a text that must not reach an answer.
const private = "dial tcp 10.0.0.7: refused"

func perFolder(t *testing.T, secrets map[string][]string) core.SecretFunc {
	return func(ctx context.Context, claim core.Claim) ([]string, error) {
		assert.NoError(t, ctx.Err())
		return secrets[claim.FolderID], nil
	}
}

// checkRefused checks the answer to a refused delivery against the error table.
func checkRefused(t *testing.T, f Framework, got answer, seen *recorder, want error) {
	t.Helper()
	err := seen.takeError()
	checkAnswer(t, f, got, want)
	if !f.Problems || err != nil {
		assert.ErrorIs(t, err, want)
	}
}

func checkAnswer(t *testing.T, f Framework, got answer, want error) {
	t.Helper()
	status := core.StatusCode(want)
	assert.Equal(t, status, got.status)
	if errors.Is(want, core.ErrUnavailable) {
		seconds, err := strconv.Atoi(got.header.Get("Retry-After"))
		assert.NoError(t, err)
		assert.Positive(t, seconds)
	} else {
		assert.Empty(t, got.header.Get("Retry-After"))
	}
	for _, leak := range []string{private, secret, core.Sign(secret, []byte(body)), "yBPhx"} {
		assert.NotContains(t, got.body, leak)
	}
	if !f.Problems {
		assert.Contains(t, got.body, core.NewProblem(want).Detail)
		return
	}
	assert.Equal(t, "application/problem+json", got.header.Get("Content-Type"))
	var problem map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.body), &problem), got.body)
	assert.Equal(t, "about:blank", problem["type"])
	assert.Equal(t, http.StatusText(status), problem["title"])
	assert.EqualValues(t, status, problem["status"])
	assert.NotEmpty(t, problem["detail"])
	assert.Len(t, problem, 4)
}

func testRefused(t *testing.T, f Framework) {
	unavailable := func(context.Context, core.Claim) ([]string, error) { return nil, errors.New(private) }
	for _, test := range []struct {
		name     string
		options  []core.Option
		delivery delivery
		want     error
	}{
		{"no signature", nil, delivery{body: body, signatures: []string{}}, core.ErrNoSignature},
		{"malformed signature", nil, delivery{body: body, signatures: []string{"abc"}}, core.ErrMalformedSignature},
		{"another secret", nil, signed(body, "another secret"), core.ErrSignatureMismatch},
		{"another body", nil, delivery{body: bodyOf(2), signatures: []string{core.Sign(secret, []byte(body))}}, core.ErrSignatureMismatch},
		{"expired", []core.Option{core.WithMaxAge(time.Hour)}, delivery{body: body}, core.ErrExpired},
		{"too large", []core.Option{core.WithMaxBodyBytes(100)}, delivery{body: body}, core.ErrBodyTooLarge},
		{"not JSON", nil, delivery{body: "event=link_clicked"}, core.ErrMalformedEvent},
		{"empty", nil, delivery{body: ""}, core.ErrMalformedEvent},
		{"no event", nil, delivery{body: `{"link":{}}`}, core.ErrMalformedEvent},
		{"duplicate names", nil, delivery{body: `{"event":"a","event":"b"}`}, core.ErrMalformedEvent},
		{"no secret available", []core.Option{core.WithSecretFunc(unavailable)}, delivery{body: body}, core.ErrSecretUnavailable},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, seen := serve(t, f, App{Options: test.options})
			checkRefused(t, f, send(t, url, test.delivery), seen, test.want)
		})
	}
}

func testSignatures(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	good := core.Sign(secret, []byte(body))
	bad := core.Sign("another secret", []byte(body))
	for _, test := range []struct {
		name       string
		signatures []string
		want       error
	}{
		{"good", []string{good}, nil},
		{"upper case", []string{strings.ToUpper(good)}, nil},
		{"empty", []string{""}, core.ErrNoSignature},
		{"good and bad", []string{good, bad}, core.ErrMalformedSignature},
		{"bad and good", []string{bad, good}, core.ErrMalformedSignature},
		{"good twice", []string{good, good}, core.ErrMalformedSignature},
		{"empty and good", []string{"", good}, core.ErrMalformedSignature},
		{"good and empty", []string{good, ""}, core.ErrMalformedSignature},
		{"joined", []string{good + ", " + bad}, core.ErrMalformedSignature},
		{"prefixed", []string{"sha256=" + good}, core.ErrMalformedSignature},
		{"hexadecimal prefix", []string{"0x" + good}, core.ErrMalformedSignature},
		{"short", []string{good[:63]}, core.ErrMalformedSignature},
		{"truncated", []string{good[:32]}, core.ErrMalformedSignature},
		{"long", []string{good + "0"}, core.ErrMalformedSignature},
		{"not hexadecimal", []string{"g" + good[1:]}, core.ErrMalformedSignature},
		{"quoted", []string{`"` + good + `"`}, core.ErrMalformedSignature},
		{"other", []string{bad}, core.ErrSignatureMismatch},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, url, delivery{body: body, signatures: test.signatures})
			if test.want != nil {
				checkRefused(t, f, got, seen, test.want)
				return
			}
			assert.Equal(t, http.StatusNoContent, got.status)
			seen.takeEvent()
		})
	}
}

func testBodyLimit(t *testing.T, f Framework) {
	limit := int64(len(body))
	url, seen := serve(t, f, App{Options: []core.Option{core.WithMaxBodyBytes(limit)}})
	for _, chunked := range []bool{false, true} {
		t.Run(fmt.Sprintf("chunked %t", chunked), func(t *testing.T) {
			assert.Equal(t, http.StatusNoContent, send(t, url, delivery{body: body, chunked: chunked}).status)
			seen.takeEvent()
			checkRefused(t, f, send(t, url, delivery{body: body + " ", chunked: chunked}), seen, core.ErrBodyTooLarge)
			checkRefused(t, f, send(t, url, delivery{body: strings.Repeat(body, 100), chunked: chunked}), seen, core.ErrBodyTooLarge)
		})
	}
}

// testBrokenBody speaks to the server below HTTP, and then listens. A server may answer a broken request by itself, or not
// at all.
func testBrokenBody(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	signature := core.Sign(secret, []byte(body))
	head := "POST " + Path + " HTTP/1.1\r\nHost: localhost\r\nX-Signature: " + signature + "\r\n"
	for name, request := range map[string]string{
		"half a declared body": fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(body), body[:len(body)/2]),
		"no body":              fmt.Sprintf("%sContent-Length: %d\r\n\r\n", head, len(body)),
		"half a chunk":         fmt.Sprintf("%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s", head, len(body), body[:len(body)/2]),
		"broken chunk":         fmt.Sprintf("%sTransfer-Encoding: chunked\r\n\r\nxyz\r\n%s\r\n", head, body),
	} {
		t.Run(name, func(t *testing.T) {
			connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
			require.NoError(t, err)
			defer connection.Close()
			require.NoError(t, connection.SetDeadline(time.Now().Add(10*time.Second)))
			_, err = connection.Write([]byte(request))
			require.NoError(t, err)
			require.NoError(t, connection.(*net.TCPConn).CloseWrite())
			response, err := http.ReadResponse(bufio.NewReader(connection), nil)
			if err == nil {
				assert.Equal(t, http.StatusBadRequest, response.StatusCode)
				require.NoError(t, response.Body.Close())
			}
			_ = seen.takeError()
		})
	}
	assert.Equal(t, http.StatusNoContent, send(t, url, delivery{body: body}).status)
}

func testHandler(t *testing.T, f Framework) {
	for _, err := range []error{
		fmt.Errorf("%s: %w", private, core.ErrUnavailable),
		fmt.Errorf("%s: %w", private, context.DeadlineExceeded),
		errors.New(private),
	} {
		t.Run(err.Error(), func(t *testing.T) {
			url, seen := serve(t, f, App{})
			seen.err = err
			got := send(t, url, delivery{body: body})
			checkAnswer(t, f, got, err)
			record := seen.take()
			assert.Len(t, record.events, 1)
			if !f.Problems {
				require.Len(t, record.errs, 1)
				assert.ErrorIs(t, record.errs[0], err)
			}
		})
	}
}

func testErrorHandler(t *testing.T, f Framework) {
	errs := make(chan error, 1)
	url, seen := serve(t, f, App{Refuse: func(err error) int { errs <- err; return http.StatusTeapot }})
	assert.Equal(t, http.StatusTeapot, send(t, url, signed(body, "another secret")).status)
	_ = seen.takeError()
	require.ErrorIs(t, <-errs, core.ErrSignatureMismatch)
	assert.Equal(t, http.StatusNoContent, send(t, url, delivery{body: body}).status)
	seen.takeEvent()
}

func testSkipper(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{Skip: func(header func(string) string) bool { return header("X-Skip") == "yes" }})
	skip := delivery{body: "anything", signatures: []string{}, header: http.Header{"X-Skip": {"yes"}}}
	assert.Equal(t, http.StatusInternalServerError, send(t, url, skip).status, "Handler handles nothing unverified")
	record := seen.take()
	assert.Equal(t, []string{"anything"}, record.bodies)
	assert.Empty(t, record.events)
	checkRefused(t, f, send(t, url, signed(body, "another secret")), seen, core.ErrSignatureMismatch)
}

func testSetUp(t *testing.T, f Framework) {
	r := &recorder{t: t}
	for name, app := range map[string]App{
		"empty secret":           {},
		"empty secret, custom":   {Skip: func(func(string) string) bool { return false }},
		"empty secret to rotate": {Secret: secret, Options: []core.Option{core.WithSecrets("")}},
		"impossible option":      {Secret: secret, Options: []core.Option{core.WithMaxBodyBytes(0)}},
	} {
		assert.Panics(t, func() { f.Serve(t, r.app(app)) }, name)
	}
	app := r.app(App{Secret: secret})
	app.Handle = nil
	assert.Panics(t, func() { f.Serve(t, app) }, "no handler")
}

func testWithoutVerify(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{Scope: Nowhere})
	got := send(t, url, delivery{body: body})
	assert.Equal(t, http.StatusInternalServerError, got.status)
	record := seen.take()
	assert.Equal(t, []string{body}, record.bodies, "and Event is nil")
	assert.Empty(t, record.events)
}

func testConcurrency(t *testing.T, f Framework) {
	const clients, each = 16, 100
	url, seen := serve(t, f, App{})
	errs := make(chan error, clients)
	for c := range clients {
		go func() { errs <- sendMany(url, c*each, each) }()
	}
	for range clients {
		require.NoError(t, <-errs)
	}

	events := seen.take().events
	codes := map[string]bool{}
	for _, e := range events {
		codes[e.Link.Code] = true
		n, err := strconv.Atoi(strings.TrimPrefix(e.Link.Code, "code-"))
		require.NoError(t, err)
		require.Equal(t, bodyOf(n), string(e.Raw()))
		e.Link.Code = "yBPhx"
		checkEvent(t, urlrtest.Latest, e)
	}
	assert.Len(t, codes, clients*each)
	assert.Len(t, events, clients*each)
}

func sendMany(url string, first, n int) error {
	for i := first; i < first+n; i++ {
		got, err := trySend(url, delivery{body: bodyOf(i), chunked: i%2 == 0})
		if err != nil {
			return err
		}
		if got.status != http.StatusNoContent {
			return fmt.Errorf("delivery %d: status %d", i, got.status)
		}
	}
	return nil
}

func testKeepAlive(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	for _, refused := range []delivery{{body: body, signatures: []string{}}, signed(body, "another secret")} {
		require.Equal(t, http.StatusUnauthorized, send(t, url, refused).status)
		_ = seen.takeError()

		reused := false
		trace := &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { reused = c.Reused }}
		r := urlrtest.NewRequest(url+Path, secret, event())
		response, err := client.Do(r.WithContext(httptrace.WithClientTrace(t.Context(), trace)))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, http.StatusNoContent, response.StatusCode)
		assert.True(t, reused)
		seen.takeEvent()
	}
}
