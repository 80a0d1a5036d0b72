// Package page is the web page that shows deliveries, explains mismatches and replays.
//
// It shows bytes that anybody may have sent to the listener. So everything is escaped, no script or
// style is inline, and [New]'s handler answers only requests that come from the page itself: see
// guard.go.
package page

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// A Config says what the page shows, and to whom.
type Config struct {
	Store   *store.Store
	Secrets []string // to explain mismatches and decode events with; may be empty; never shown
	Target  string   // where deliveries are forwarded; proposed for replays; may be ""
	Receive string   // the URL at which deliveries are received
	Path    string   // of the database
	Hosts   []string // the values of Host that are accepted, such as 127.0.0.1:8788
	Token   string   // if not "", a browser must show it once, as ?token=; it then has it in a cookie

	// Replay sends a delivery again, if body is not nil with that in place of its own, and keeps the
	// attempt. Its context does not end with the request of a browser: it ends by itself.
	Replay func(ctx context.Context, id int64, target *url.URL, body []byte) error
	Now    func() time.Time // time.Now if nil
}

//go:embed style.css script.js icon.svg
var assets embed.FS

// assetTypes are not left to the system's table: some have text/plain for a script, and then
// nosniff blocks it.
var assetTypes = map[string]string{
	"style.css": "text/css; charset=utf-8",
	"script.js": "text/javascript; charset=utf-8",
	"icon.svg":  "image/svg+xml",
}

//go:embed templates/*.html
var sources embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"utc":     utc,
	"short":   short,
	"machine": machineTime,
}).ParseFS(sources, "templates/*.html"))

type page struct {
	Config
	process string        // tells this process from another at the same address
	csrf    string        // proves that a POST comes from a page that this process made
	streams chan struct{} // has a value for each that is open
}

// New returns the handler of the page. Serve it on an address of its own, at the root.
func New(cfg Config) http.Handler {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	p := &page{Config: cfg, process: rand.Text(), csrf: rand.Text(), streams: make(chan struct{}, maxStreams)}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.list)
	mux.HandleFunc("GET /rows", p.rows)
	mux.HandleFunc("GET /chart", p.chart)
	mux.HandleFunc("GET /events", p.events)
	mux.HandleFunc("GET /deliveries/{id}", p.delivery)
	mux.HandleFunc("POST /deliveries/{id}/replay", p.replay)
	mux.HandleFunc("GET /replay", p.replaysForm)
	mux.HandleFunc("POST /replay", p.replayAll)
	mux.HandleFunc("GET /api/deliveries", p.apiList)
	mux.HandleFunc("GET /api/deliveries/{id}", p.apiDelivery)
	for name := range assetTypes {
		mux.HandleFunc("GET /"+name, asset(name))
	}
	return p.guard(mux)
}

func asset(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", assetTypes[name])
		http.ServeFileFS(w, r, assets, name)
	}
}

// render answers with a template. Nothing is written before all of it is made, so that an error is
// never the end of half a page.
func render(w http.ResponseWriter, status int, name string, view any) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, view); err != nil {
		http.Error(w, "The page can't be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// A message is a page that says one thing.
type message struct {
	Title, Text string
	Refused     bool // there is nowhere else to go
}

// fail answers with what a store has returned as an error.
func fail(w http.ResponseWriter, err error) {
	if errors.Is(err, store.ErrNotFound) {
		render(w, http.StatusNotFound, "message.html", message{
			Title: "No such delivery", Text: "It is not there, or not any more: only the last ones are kept.",
		})
		return
	}
	render(
		w,
		http.StatusInternalServerError,
		"message.html",
		message{Title: "The deliveries can't be read", Text: err.Error()},
	)
}
