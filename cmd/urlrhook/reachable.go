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

// dialTimeout is how long listen waits at its start for an application that does not answer.
const dialTimeout = time.Second

// findListener returns why nobody listens at a URL, if that is so. Behind a proxy nobody can tell.
func findListener(ctx context.Context, target *url.URL) error {
	if target == nil {
		return nil
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: target}); proxy != nil || err != nil {
		return nil //nolint:nilerr // the first delivery will tell
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

// reasonOf is an error without the address, which the message names.
func reasonOf(err error) error {
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number
	}
	if failure, ok := errors.AsType[net.Error](err); ok && failure.Timeout() {
		return errors.New("no answer within " + dialTimeout.String())
	}
	return err
}

// portOf is the port of a URL, also if it is that of the scheme.
func portOf(target *url.URL) string {
	if port := target.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443"}[target.Scheme]
}
