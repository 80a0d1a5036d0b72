package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"
)

// dialTimeout is how long listen tries to reach the application when it starts.
const dialTimeout = time.Second

// findListener returns an error if nothing listens at a URL. Behind a proxy it can't tell, and
// returns nil.
func findListener(ctx context.Context, target *url.URL) error {
	if target == nil {
		return nil
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: target}); proxy != nil || err != nil {
		return nil //nolint:nilerr // the first delivery will show it
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	connection, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(target.Hostname(), portOf(target)))
	switch {
	case ctx.Err() != nil:
		return nil //nolint:nilerr // it was interrupted
	case err != nil:
		return reasonOf(err)
	default:
		return connection.Close()
	}
}

// reasonOf returns an error without the address, which the message names already.
func reasonOf(err error) error {
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number
	}
	if failure, ok := errors.AsType[net.Error](err); ok && failure.Timeout() {
		return errors.New("no answer within " + dialTimeout.String())
	}
	return err
}

// portOf returns the port of a URL, or the default port of its scheme.
func portOf(target *url.URL) string {
	if port := target.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443"}[target.Scheme]
}
