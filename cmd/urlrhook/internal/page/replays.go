package page

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/replay"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// One request replays no more than this. The page sends the next one, so that a person sees the
// progress and can stop.
const (
	batchSize = 100
	batchTime = 2 * time.Second
)

// A replaysView is a replay of every delivery that a filter matches: before, between two batches,
// or at its end. Its form carries it from one request to the next.
type replaysView struct {
	Filter       filterView
	CSRF, Target string
	Error        string
	After, Upto  int64 // replay the deliveries with these IDs: above After, and not above Upto
	Left         int

	Accepted, Failed, Skipped int // so far; accepted with 2xx
}

// replaysForm asks a person before deliveries are replayed.
func (p *page) replaysForm(w http.ResponseWriter, r *http.Request) {
	v := replaysView{CSRF: p.csrf, Target: p.Target}
	ids, ok := p.chosen(w, r, &v)
	if !ok {
		return
	}
	if len(ids) > 0 {
		v.Upto = ids[len(ids)-1]
	}
	renderReplays(w, r, http.StatusOK, &v)
}

// replayAll replays a batch, the oldest first.
func (p *page) replayAll(w http.ResponseWriter, r *http.Request) {
	v := replaysView{
		CSRF: p.csrf, Target: r.PostFormValue("url"), After: int64(count(r, "after")), Upto: int64(count(r, "upto")),
		Accepted: count(r, "accepted"), Failed: count(r, "failed"), Skipped: count(r, "skipped"),
	}
	ids, ok := p.chosen(w, r, &v)
	if !ok {
		return
	}
	to, err := forward.ParseURL(v.Target)
	if err != nil {
		v.Error = err.Error()
		renderReplays(w, r, http.StatusBadRequest, &v)
		return
	}
	if err = p.replayBatch(r.Context(), ids, to, &v); err != nil {
		v.Error = err.Error()
		renderReplays(w, r, http.StatusBadGateway, &v)
		return
	}
	renderReplays(w, r, http.StatusOK, &v)
}

// chosen returns the IDs that are left to replay. If it returns false, it has answered the request.
func (p *page) chosen(w http.ResponseWriter, r *http.Request, v *replaysView) (ids []int64, ok bool) {
	_ = r.ParseForm() // what can't be parsed is no filter
	filter := filterOf(r.Form)
	if v.Filter = viewFilter(filter); !v.Filter.Any {
		render(w, http.StatusBadRequest, "message.html", message{
			Title: "No filter", Text: "Filter the list first: every delivery that matches is replayed.",
		})
		return nil, false
	}
	ids, err := p.Store.IDs(r.Context(), filter)
	if err != nil {
		fail(w, err)
		return nil, false
	}
	ids = slices.DeleteFunc(ids, func(id int64) bool { return id <= v.After || v.Upto > 0 && id > v.Upto })
	v.Left = len(ids)
	return ids, true
}

// replayBatch stops when the browser has disconnected. It finishes the replay that it has begun,
// because the application does get that delivery.
func (p *page) replayBatch(ctx context.Context, ids []int64, to *url.URL, v *replaysView) error {
	start := time.Now()
	for _, id := range ids[:min(len(ids), batchSize)] {
		if ctx.Err() != nil || time.Since(start) > batchTime {
			return nil //nolint:nilerr // nobody reads the answer of a disconnected browser
		}
		accepted, err := p.replayOne(context.WithoutCancel(ctx), id, to)
		switch {
		case errors.Is(err, replay.ErrNotWhole), isGone(err):
			v.Skipped++
		case err != nil:
			return fmt.Errorf("delivery %d: %w", id, err)
		case accepted:
			v.Accepted++
		default:
			v.Failed++
		}
		v.After = id
		v.Left--
	}
	return nil
}

// replayOne reports whether the application answered with 2xx.
func (p *page) replayOne(ctx context.Context, id int64, to *url.URL) (accepted bool, err error) {
	if err := p.Replay(ctx, id, to, nil); err != nil {
		return false, err
	}
	replays, err := p.Store.Replays(ctx, id, 1)
	if err != nil || len(replays) == 0 {
		return false, err
	}
	return replays[0].Answer.OK(), nil
}

func renderReplays(w http.ResponseWriter, r *http.Request, status int, v *replaysView) {
	render(w, status, templateFor(r, "replays.html", "replays"), v)
}

// count reads a number from a form. It returns 0 for anything else.
func count(r *http.Request, name string) int {
	n, _ := strconv.Atoi(r.PostFormValue(name))
	return max(n, 0)
}

// Done is how many deliveries have been replayed or skipped.
func (v *replaysView) Done() int { return v.Accepted + v.Failed + v.Skipped }

// Title says what will be replayed, or how far that is.
func (v *replaysView) Title() string {
	switch {
	case v.Done() == 0:
		return "Replay " + deliveries(v.Left)
	case v.Left > 0:
		return fmt.Sprintf("%d of %s", v.Done(), deliveries(v.Done()+v.Left))
	default:
		return deliveries(v.Done()) + " done"
	}
}

// Outcome says what the application answered so far.
func (v *replaysView) Outcome() string {
	text := fmt.Sprintf("%d answered with 2xx, %d not", v.Accepted, v.Failed)
	if v.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped: their bodies are not complete", v.Skipped)
	}
	return text
}

// Chosen describes the filter in words.
func (v *replaysView) Chosen() string {
	var parts []string
	for _, part := range []struct{ name, value string }{
		{"verdict", v.Filter.Verdict},
		{"answer", v.Filter.Status},
		{"link code", v.Filter.Code},
		{"country", v.Filter.Country},
		{"search", v.Filter.Search},
	} {
		if part.value != "" {
			parts = append(parts, part.name+" "+part.value)
		}
	}
	return strings.Join(parts, ", ")
}

func deliveries(n int) string {
	if n == 1 {
		return "1 delivery"
	}
	return fmt.Sprintf("%d deliveries", n)
}

// ReplayURL is the address of the form that replays what the filter matches.
func (f filterView) ReplayURL() string {
	return "/replay?" + queryOf(store.Filter{
		Verdict: store.Verdict(f.Verdict), Status: f.Status, Code: f.Code, Country: f.Country, Search: f.Search,
	}, 0)
}
