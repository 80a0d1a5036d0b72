package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

const (
	shutdownTimeout = 10 * time.Second       // for deliveries and replays in progress
	hurry           = 250 * time.Millisecond // for senders to finish a request, before the terminal mentions them
)

// servers are the two of listen: one receives deliveries, the other serves the page.
type servers struct {
	receive, show       *http.Server
	deliveries, pages   net.Listener
	underWay, replaying func() int // deliveries not answered yet; replays from the page
	say                 func(string)
}

// serve serves until ctx is done. Then it finishes the deliveries and the page's replays in
// progress, and says what it waits for.
func (s *servers) serve(ctx context.Context) error {
	s.show.BaseContext = func(net.Listener) context.Context { return ctx } // ends event streams
	s.show.WriteTimeout = pageTimeout
	served := make(chan error, 2)
	go func() { served <- s.receive.Serve(s.deliveries) }()
	go func() { served <- s.show.Serve(s.pages) }()
	select {
	case err := <-served:
		return errors.Join(err, s.receive.Close(), s.show.Close())
	case <-ctx.Done():
	}
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	defer s.sayWhatKeeps()()
	err := drain(shutdown, s.receive, s.underWay)
	if s.show.Shutdown(shutdown) != nil {
		err = errors.Join(err, s.show.Close()) // a replay is still in progress
	}
	return err
}

// sayWhatKeeps says what the shutdown waits for. It mentions incomplete requests only if they are
// still there after a moment, unless stop is called before.
func (s *servers) sayWhatKeeps() (stop func() bool) {
	if n := s.underWay(); n > 0 {
		s.sayWaiting("your application's answer to " + countOf(n, "delivery", "deliveries"))
		return func() bool { return true }
	}
	if n := s.replaying(); n > 0 {
		s.sayWaiting("your application's answer to " + countOf(n, "replay", "replays"))
		return func() bool { return true }
	}
	return time.AfterFunc(hurry, func() { s.sayWaiting("senders of incomplete requests") }).Stop
}

func (s *servers) sayWaiting(what string) {
	s.say(fmt.Sprintf("Waiting up to %v for %s. Press Ctrl-C again to stop at once.", shutdownTimeout, what))
}

// drain lets a server answer the deliveries in progress until ctx is done. Its error says how many
// are left unanswered.
func drain(ctx context.Context, server *http.Server, underWay func() int) error {
	err := server.Shutdown(ctx)
	if err == nil || ctx.Err() == nil {
		return err
	}
	if n := underWay(); n > 0 {
		return verdict(fmt.Sprintf("deliveries left unanswered: %d; URLR sends them again", n))
	}
	return nil // other open requests never became deliveries
}
