package check

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A delivery is a request to send.
type delivery struct {
	body       []byte
	signatures []string
	chunked    bool
	slow       bool // send the body in pieces
}

// slowFor is how long the body of a slow delivery takes: longer than on any good connection, and
// far less than a server's timeout.
const slowFor = 1500 * time.Millisecond

// An answer is the response to a delivery.
type answer struct {
	status   int
	location string // of a redirect
	took     time.Duration
	err      error // why there is no status
}

func (a answer) isAccepted() bool { return a.err == nil && a.status/100 == 2 }

// isMalformed reports whether the receiver could make no event of the body. It says that of an empty
// one after its signature has matched.
func (a answer) isMalformed() bool {
	return a.status == http.StatusBadRequest || a.status == http.StatusUnprocessableEntity
}

func (a answer) String() string {
	switch {
	case isTimeout(a.err):
		return fmt.Sprintf("no answer in %v", round(a.took))
	case a.err != nil:
		return "no answer: " + shown(cause(a.err).Error())
	case a.location != "":
		return fmt.Sprintf("%d to %s", a.status, shown(a.location))
	default:
		return fmt.Sprintf("%d in %v", a.status, round(a.took))
	}
}

// shown returns what a receiver chose, so that it can't control a terminal or fill it.
func shown(s string) string { return visible.Line(s, 200) }

// cause returns the innermost error: the outer ones name the address.
func cause(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// isUnreachable reports whether no connection was made, so that nothing was sent.
func isUnreachable(err error) bool {
	failure, ok := errors.AsType[*net.OpError](err)
	_, isUntrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return isUntrusted || ok && failure.Op == "dial"
}

func isTimeout(err error) bool {
	failure, ok := errors.AsType[net.Error](err)
	return errors.Is(err, context.DeadlineExceeded) || ok && failure.Timeout()
}

// send sends a delivery and waits for the answer.
func (r *run) send(ctx context.Context, d *delivery) answer {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	start := time.Now()
	response, err := r.Client.HTTPClient(r.Target).Do(r.request(ctx, d))
	if err != nil {
		return answer{err: err, took: time.Since(start)}
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	a := answer{status: response.StatusCode, location: response.Header.Get("Location"), took: time.Since(start)}
	if a.isAccepted() {
		a.err = err // URLR may not take a response that breaks off for an acknowledgment
	}
	return a
}

func (r *run) request(ctx context.Context, d *delivery) *http.Request {
	request := urlrtest.NewRequestWithBody(r.Target.String(), r.Secret, d.body).WithContext(ctx)
	request.Header.Del(core.SignatureHeader)
	for _, signature := range d.signatures {
		request.Header.Add(core.SignatureHeader, signature)
	}
	if d.slow {
		request.Body = io.NopCloser(newSlowReader(d.body, slowFor))
		request.GetBody = nil
	}
	if d.chunked {
		request.Body, request.GetBody, request.ContentLength = io.NopCloser(bytes.NewReader(d.body)), nil, -1
	}
	r.Client.AddHeader(request)
	return request
}

// A slowReader yields a body in pieces, with a pause before each but the first.
type slowReader struct {
	body  []byte
	piece int
	pause time.Duration
	begun bool
}

func newSlowReader(body []byte, takes time.Duration) *slowReader {
	const pieces = 4
	return &slowReader{body: body, piece: len(body)/pieces + 1, pause: takes / (pieces - 1)}
}

func (s *slowReader) Read(p []byte) (int, error) {
	if len(s.body) == 0 {
		return 0, io.EOF
	}
	if s.begun {
		time.Sleep(s.pause)
	}
	s.begun = true
	n := copy(p, s.body[:min(len(s.body), s.piece)])
	s.body = s.body[n:]
	return n, nil
}

// sendAndHangUp sends a delivery and closes the connection without waiting for the answer.
func (r *run) sendAndHangUp(ctx context.Context, d *delivery) error {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	connection, err := r.dial(ctx)
	if err != nil {
		return err
	}
	err = connection.SetDeadline(time.Now().Add(r.Timeout))
	err = errors.Join(err, r.request(ctx, d).Write(connection))
	return errors.Join(err, connection.Close())
}

func (r *run) dial(ctx context.Context) (net.Conn, error) {
	port, transport := r.Target.Port(), r.Client.HTTPClient(r.Target).Transport.(*http.Transport)
	if r.Target.Scheme != "https" {
		if port == "" {
			port = "80"
		}
		return new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(r.Target.Hostname(), port))
	}
	if port == "" {
		port = "443"
	}
	config := transport.TLSClientConfig.Clone()
	config.NextProtos = nil
	dialer := tls.Dialer{Config: config}
	return dialer.DialContext(ctx, "tcp", net.JoinHostPort(r.Target.Hostname(), port))
}
