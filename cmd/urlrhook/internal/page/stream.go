package page

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

const (
	streamPause    = 250 * time.Millisecond // between events: people can't follow more
	heartbeat      = 15 * time.Second       // to notice a disconnected client
	streamPatience = 10 * time.Second       // with a client that does not read
	reconnect      = time.Second            // when a listener restarts
	reconnectFull  = 10 * time.Second       // when there are maxStreams
	maxStreams     = 100                    // each one queries the database after every change
)

// A state is an event of the stream. The script then fetches the rows that it lacks.
type state struct {
	Process string `json:"process"` // another process has other tokens, and may have another database
	Latest  int64  `json:"latest"`  // ID of the newest delivery
	totals
}

// totals are the counts at the top of the page.
type totals struct {
	Total    int `json:"total"`
	Failed   int `json:"failed"`
	Accepted int `json:"accepted"` // by the application, although forged
}

// events streams a state after each change, until the client disconnects or the server shuts down.
func (p *page) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	select {
	case p.streams <- struct{}{}:
		defer func() { <-p.streams }()
	default:
		// no error: a browser would not reconnect after one
		_ = send(w, fmt.Sprintf("retry: %d\n\n", reconnectFull.Milliseconds()))
		return
	}
	changed, stop := p.Store.Watch()
	defer stop()
	alive := time.NewTicker(heartbeat)
	defer alive.Stop()
	for {
		if p.sendState(w, r) != nil || !wait(r.Context(), time.After(streamPause)) {
			return
		}
		select {
		case <-changed:
		case <-alive.C: // another process may have changed something
			if send(w, ": still here\n\n") != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

// wait returns false if the client disconnects first.
func wait(ctx context.Context, pause <-chan time.Time) bool {
	select {
	case <-pause:
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *page) sendState(w http.ResponseWriter, r *http.Request) error {
	s, err := p.state(r.Context())
	if err != nil {
		return err
	}
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return send(w, fmt.Sprintf("retry: %d\nevent: state\ndata: %s\n\n", reconnect.Milliseconds(), data))
}

func send(w http.ResponseWriter, text string) error {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(streamPatience)) // the server's is for the whole answer
	if _, err := w.Write([]byte(text)); err != nil {
		return err
	}
	return control.Flush()
}

func (p *page) state(ctx context.Context) (s state, err error) {
	newest, err := p.Store.List(ctx, store.Filter{Limit: 1})
	if err != nil {
		return s, err
	}
	s.Process = p.process
	if len(newest) > 0 {
		s.Latest = newest[0].ID
	}
	s.totals, err = p.totals(ctx)
	return s, err
}

func (p *page) totals(ctx context.Context) (t totals, err error) {
	for status, n := range map[string]*int{"": &t.Total, store.Failed: &t.Failed, store.Accepted: &t.Accepted} {
		if *n, err = p.Store.Count(ctx, store.Filter{Status: status}); err != nil {
			return t, err
		}
	}
	return t, nil
}
