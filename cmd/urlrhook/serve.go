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
	shutdownTimeout = 10 * time.Second       // for what is being forwarded
	hurry           = 250 * time.Millisecond // for senders that have sent half of a delivery; later, a person is told
)

// servers are those of listen: one receives deliveries, the other shows them.
type servers struct {
	receive, show       *http.Server
	deliveries, pages   net.Listener
	underWay, replaying func() int // deliveries that are received and not answered; replays of the page
	say                 func(string)
}

// serve serves until ctx is done. Then it answers the deliveries and the page's replays that are
// under way, and says what it waits for.
func (s *servers) serve(ctx context.Context) error {
	s.show.BaseContext = func(net.Listener) context.Context { return ctx } // ends the streams of events
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
		err = errors.Join(err, s.show.Close()) // it waits no longer for a replay
	}
	return err
}

// sayWhatKeeps says at once what the end waits for. Connections with half of a request are mentioned
// only if they do not hurry. The returned function ends that.
func (s *servers) sayWhatKeeps() (stop func() bool) {
	if n := s.underWay(); n > 0 {
		s.sayWaiting("your application's answer to " + countOf(n, "delivery", "deliveries"))
		return func() bool { return true }
	}
	if n := s.replaying(); n > 0 {
		s.sayWaiting("your application's answer to " + countOf(n, "replay", "replays"))
		return func() bool { return true }
	}
	return time.AfterFunc(hurry, func() { s.sayWaiting("connections that have sent half of a request") }).Stop
}

func (s *servers) sayWaiting(what string) {
	s.say(fmt.Sprintf("Waiting for %s, at most %v. Press Ctrl-C again to end at once.", what, shutdownTimeout))
}

// drain lets a server answer the deliveries that are under way until ctx is done, and says how many
// are not answered then.
func drain(ctx context.Context, server *http.Server, underWay func() int) error {
	err := server.Shutdown(ctx)
	if err == nil || ctx.Err() == nil {
		return err
	}
	if n := underWay(); n > 0 {
		return verdict(fmt.Sprintf("deliveries left unanswered: %d. None is lost: URLR sends them again", n))
	}
	return nil // what else is open never became a delivery
}
