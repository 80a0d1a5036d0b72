package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

func TestExample(t *testing.T) {
	var recorded exampletest.Recorder
	check(t, newApp(exampletest.Secret, recorded.Record), &recorded)
}

// Verify goes wherever chi takes middleware.
func TestScopes(t *testing.T) {
	verify := nethttpurlr.Verify(exampletest.Secret)
	for name, mount := range map[string]func(r chi.Router, h http.HandlerFunc){
		"router": func(r chi.Router, h http.HandlerFunc) { r.Use(verify); r.Post(exampletest.Path, h) },
		"route":  func(r chi.Router, h http.HandlerFunc) { r.With(verify).Post(exampletest.Path, h) },
		"group": func(r chi.Router, h http.HandlerFunc) {
			r.Group(func(r chi.Router) { r.Use(verify); r.Post(exampletest.Path, h) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			var recorded exampletest.Recorder
			r := chi.NewRouter()
			mount(r, nethttpurlr.Handler(recorded.Record))
			check(t, r, &recorded)
		})
	}
}

func check(t *testing.T, h http.Handler, recorded *exampletest.Recorder) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	exampletest.Check(t, server.URL, recorded)
}
