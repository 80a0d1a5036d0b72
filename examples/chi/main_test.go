package main

import (
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

func TestExample(t *testing.T) {
	var recorded exampletest.Recorder
	exampletest.CheckHandler(t, newApp(exampletest.Secret, recorded.Record), &recorded)
}

// Verify works wherever chi accepts middleware.
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
			exampletest.CheckHandler(t, r, &recorded)
		})
	}
}
