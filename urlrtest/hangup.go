package urlrtest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// sendAndHangUp sends r over its own connection and closes it without waiting for the response. It
// returns [ErrAnswerLost], or another error if it could not send r.
func (s *Sender) sendAndHangUp(r *http.Request) error {
	connection, err := s.dial(r)
	if err != nil {
		return fmt.Errorf("urlrtest: %w", err)
	}
	if deadline, ok := r.Context().Deadline(); ok {
		err = connection.SetDeadline(deadline)
	}
	err = errors.Join(err, r.Write(connection))
	_ = connection.Close() // the point is to hang up
	if err != nil {
		return fmt.Errorf("urlrtest: %w", err)
	}
	return ErrAnswerLost
}

func (s *Sender) dial(r *http.Request) (net.Conn, error) {
	port := r.URL.Port()
	if r.URL.Scheme == "https" {
		setDefault(&port, "443")
		dialer := tls.Dialer{Config: s.tlsConfig()}
		return dialer.DialContext(r.Context(), "tcp", net.JoinHostPort(r.URL.Hostname(), port))
	}
	setDefault(&port, "80")
	return new(net.Dialer).DialContext(r.Context(), "tcp", net.JoinHostPort(r.URL.Hostname(), port))
}

// tlsConfig returns the Client's TLS settings for HTTP/1, or nil for the defaults.
func (s *Sender) tlsConfig() *tls.Config {
	if s.Client == nil {
		return nil
	}
	transport, ok := s.Client.Transport.(*http.Transport)
	if !ok || transport.TLSClientConfig == nil {
		return nil
	}
	config := transport.TLSClientConfig.Clone()
	config.NextProtos = nil
	return config
}
