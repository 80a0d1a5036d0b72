package nethttpurlr_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/conformance"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

func TestConformance(t *testing.T) {
	conformance.Run(t, conformance.Framework{Serve: serve, ServeWriter: serveWriter, Problems: true})
}

func serve(t *testing.T, app conformance.App) string {
	handler := inspect(app, nethttpurlr.Handler(app.Handle))
	if app.Guard != nil {
		handler = nethttpurlr.Deduplicate(app.Guard)(handler)
	}
	verify := verifier(app)
	mux := http.NewServeMux()
	switch app.Scope {
	case conformance.OnRoute:
		mux.Handle("POST "+conformance.Path, verify(handler))
	case conformance.InGroup:
		group := http.NewServeMux()
		group.Handle("POST /urlr", handler)
		mux.Handle("/webhooks/", verify(http.StripPrefix("/webhooks", group)))
	case conformance.OnRouter:
		mux.Handle("POST "+conformance.Path, handler)
		return conformance.ServeHTTP(t, verify(mux))
	case conformance.Nowhere:
		mux.Handle("POST "+conformance.Path, handler)
	}
	return conformance.ServeHTTP(t, mux)
}

func serveWriter(t *testing.T, secret string, guard *dedupe.Guard, h http.HandlerFunc) string {
	return conformance.ServeHTTP(t, nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(h)))
}

func verifier(app conformance.App) func(http.Handler) http.Handler {
	if !app.Custom() {
		return nethttpurlr.Verify(app.Secret, app.Options...)
	}
	cfg := nethttpurlr.Config{Verifier: app.Verifier()}
	if app.Skip != nil {
		cfg.Skipper = func(r *http.Request) bool { return app.Skip(r.Header.Get) }
	}
	if app.Refuse != nil {
		cfg.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, err error) {
			switch status := app.Refuse(err); status {
			case 0:
			case conformance.OnlyText:
				_, _ = io.WriteString(w, "refused")
			default:
				w.WriteHeader(status)
			}
		}
	}
	return nethttpurlr.VerifyWithConfig(cfg)
}

func inspect(app conformance.App, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		app.Inspect(r.Context(), nethttpurlr.Event(r), body)
		next.ServeHTTP(w, r)
	})
}
