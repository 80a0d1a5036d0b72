package page

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/urlr-community/webhooks-go/diagnose"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/record"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// apiList serves what urlrhook list --json prints: an object per line.
func (p *page) apiList(w http.ResponseWriter, r *http.Request) {
	filter, err := apiFilter(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	list, err := p.Store.List(r.Context(), filter)
	if err != nil {
		apiFail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	for i := range list {
		if writeLine(w, record.Summarize(&list[i])) != nil {
			return // the client has disconnected
		}
	}
}

// apiDelivery serves what urlrhook show --json prints.
func (p *page) apiDelivery(w http.ResponseWriter, r *http.Request) {
	id := idOf(r)
	d, err := p.Store.Get(r.Context(), id)
	if err != nil {
		apiFail(w, err)
		return
	}
	summary, err := p.Store.Summary(r.Context(), id)
	if err != nil {
		apiFail(w, err)
		return
	}
	replays, err := p.Store.Replays(r.Context(), id, mostReplays)
	if err != nil {
		apiFail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = writeLine(w, record.Describe(&summary, d, replays, p.report(d)))
}

// report explains why a delivery is not authentic. It returns nil if there is nothing to explain.
func (p *page) report(d *store.Delivery) *diagnose.Report {
	if d.Verdict == store.Authentic || len(p.Secrets) == 0 || !d.IsWhole() {
		return nil
	}
	report := diagnose.Explain(d.Body, d.Signature(), p.Secrets...)
	return &report
}

func writeLine(w http.ResponseWriter, value any) error {
	line, err := record.Line(value)
	if err == nil {
		_, err = w.Write(line) //nolint:gosec // the type is JSON
	}
	return err
}

func apiFail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if isGone(err) {
		status = http.StatusNotFound
	}
	http.Error(w, err.Error(), status)
}

// apiFilter reads the filters of urlrhook list. Unlike filterOf it reports mistakes, so that a
// script does not get what it did not ask for.
func apiFilter(q url.Values) (f store.Filter, err error) {
	known := []string{"verdict", "status", "code", "country", "before", "after", "limit"}
	for name := range q {
		if !slices.Contains(known, name) {
			return f, fmt.Errorf("unknown filter %q: use one of %v", name, known)
		}
	}
	f = filterOf(q)
	f.Code, f.Limit = q.Get("code"), 0
	if v := q.Get("verdict"); string(f.Verdict) != v {
		return f, fmt.Errorf("unknown verdict %q: use authentic, refused or unchecked", v)
	}
	if s := q.Get("status"); f.Status != s {
		return f, fmt.Errorf("unknown status %q: use one like 2xx, or failed, none, replayed or accepted", s)
	}
	for _, name := range []string{"before", "after", "limit"} {
		if n, err := strconv.ParseInt(q.Get(name), 10, 64); q.Has(name) && (err != nil || n < 0) {
			return f, fmt.Errorf("%s=%s is not a number", name, q.Get(name))
		} else if name == "limit" {
			f.Limit = int(min(n, store.MaxLimit))
		}
	}
	return f, nil
}
