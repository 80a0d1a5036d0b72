// Package page is the web page that shows and replays deliveries and explains mismatches.
//
// Anyone may have sent the bytes that it shows. So it escapes everything, has no inline script or
// style, and answers only requests from the page itself: see guard.go.
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

// A Config configures the page.
type Config struct {
	Store   *store.Store
	Secrets []string // to explain mismatches and decode events; may be empty; never shown
	Target  string   // where deliveries are forwarded, and the default target of replays; may be ""
	Receive string   // the URL at which deliveries are received
	Path    string   // of the database
	Hosts   []string // accepted Host headers, such as 127.0.0.1:8788
	Token   string   // if not "", a browser must send it once, as ?token=, and then has it in a cookie

	// Replay sends a delivery again and keeps the attempt. A body that is not nil replaces the
	// delivery's. Its context does not end when the browser disconnects, so Replay needs a timeout.
	Replay func(ctx context.Context, id int64, target *url.URL, body []byte) error
	Now    func() time.Time // time.Now if nil
}

//go:embed style.css script.js icon.svg
var assets embed.FS

// assetTypes do not come from the system's table: some have text/plain for scripts, which nosniff
// blocks.
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
	process string        // distinguishes this process from another one at the same address
	csrf    string        // proves that a POST comes from a page of this process
	streams chan struct{} // holds a value for each open stream
}

// New returns the handler of the page. Serve it at the root of its own address.
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

// render answers with a template. It writes nothing before the template is done, so that an error
// does not leave half a page.
func render(w http.ResponseWriter, status int, name string, view any) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, view); err != nil {
		http.Error(w, "Can't render the page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// A message is a page with one message.
type message struct {
	Title, Text string
	Refused     bool // no other page is accessible
}

// fail answers with an error of the store.
func fail(w http.ResponseWriter, err error) {
	if errors.Is(err, store.ErrNotFound) {
		render(w, http.StatusNotFound, "message.html", message{
			Title: "No such delivery",
			Text:  "It does not exist, or has been dropped: only the newest deliveries are kept.",
		})
		return
	}
	render(w, http.StatusInternalServerError, "message.html", message{
		Title: "Can't read the deliveries", Text: err.Error(),
	})
}
