package core_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// delivery is a shortened delivery of URLR.
var delivery = []byte(`{"event":"link_clicked","link":{"code":"yBPhx","folder_id":"6a2f7c70"},` +
	`"city":"Cr\u00e9teil","timestamp":1697398126}`)

func ExampleNewVerifier() {
	verifier, err := core.NewVerifier("whsec_test", core.WithMaxBodyBytes(16<<10))
	if err != nil {
		fmt.Println(err)
		return
	}
	event, err := verifier.Verify(context.Background(), delivery, core.Sign("whsec_test", delivery))
	fmt.Println(event.Link.Code, err)
	// Output: yBPhx <nil>
}

func ExampleNewVerifier_emptySecret() {
	_, err := core.NewVerifier(os.Getenv("URLR_WEBHOOK_SECRET_NOT_SET"))
	fmt.Println(err)
	// Output: urlr: empty secret
}

func ExampleMustVerifier() {
	defer func() { fmt.Println(recover()) }()
	core.MustVerifier("whsec_test", core.WithMaxAge(0))
	// Output: urlr: WithMaxAge: age 0s is not positive
}

func ExampleVerifier_Verify() {
	verifier := core.MustVerifier("whsec_test")

	event, err := verifier.Verify(context.Background(), delivery, core.Sign("whsec_test", delivery))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(event.Type, event.Link.Code, event.City, event.Timestamp)

	_, err = verifier.Verify(context.Background(), delivery, core.Sign("forged", delivery))
	fmt.Println(errors.Is(err, core.ErrSignatureMismatch), core.StatusCode(err))
	// Output:
	// link_clicked yBPhx Créteil 2023-10-15 19:28:46 +0000 UTC
	// true 401
}

// VerifyRequest verifies deliveries in a handler of your own, without an adapter.
func ExampleVerifier_VerifyRequest() {
	verifier := core.MustVerifier("whsec_test")
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		event, err := verifier.VerifyRequest(r)
		if err != nil {
			core.WriteProblem(w, err)
			return
		}
		fmt.Println("click on", event.Link.Code)
		w.WriteHeader(http.StatusNoContent)
	})

	for _, secret := range []string{"whsec_test", "forged"} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(delivery)))
		r.Header.Set(core.SignatureHeader, core.Sign(secret, delivery))
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(w.Code, http.StatusText(w.Code))
	}
	// Output:
	// click on yBPhx
	// 204 No Content
	// 401 Unauthorized
}

// A gateway has re-encoded the body, but the signature is of the bytes that URLR sent.
func ExampleVerifier_Authenticate() {
	arrived := []byte(`{"city": "Créteil", "referer": "https://example.com/"}`)
	sent := []byte(`{"city":"Cr\u00e9teil","referer":"https:\/\/example.com\/"}`)

	verifier := core.MustVerifier("whsec_test")
	authentic, form, err := verifier.Authenticate(context.Background(), arrived, core.Sign("whsec_test", sent))
	fmt.Println(form, err)
	fmt.Printf("%s\n", authentic)
	// Output:
	// php <nil>
	// {"city":"Cr\u00e9teil","referer":"https:\/\/example.com\/"}
}

// While a secret is being rotated, accept both.
func ExampleWithSecrets() {
	verifier := core.MustVerifier("new", core.WithSecrets("old"))
	for _, secret := range []string{"new", "old", "older"} {
		_, err := verifier.Verify(context.Background(), delivery, core.Sign(secret, delivery))
		fmt.Println(secret, err == nil)
	}
	// Output:
	// new true
	// old true
	// older false
}

// Each folder has its own secret.
func ExampleWithSecretFunc() {
	secrets := map[string][]string{"6a2f7c70": {"whsec_folder"}} // use a database with a cache
	verifier := core.MustVerifier("", core.WithSecretFunc(func(_ context.Context, claim core.Claim) ([]string, error) {
		return secrets[claim.FolderID], nil // none for an unknown folder
	}))
	event, err := verifier.Verify(context.Background(), delivery, core.Sign("whsec_folder", delivery))
	fmt.Println(event.Link.FolderID, err)
	// Output: 6a2f7c70 <nil>
}

// If nothing changes bodies on their way to the endpoint, accept only the bytes received.
func ExampleWithForms() {
	verifier := core.MustVerifier("whsec_test", core.WithForms(core.FormRaw))
	signature := core.Sign("whsec_test", delivery)
	_, err := verifier.Verify(context.Background(), delivery, signature)
	fmt.Println(err)
	_, err = verifier.Verify(context.Background(), append(delivery, ' '), signature)
	fmt.Println(errors.Is(err, core.ErrSignatureMismatch))
	// Output:
	// <nil>
	// true
}

func ExampleWithMaxBodyBytes() {
	verifier := core.MustVerifier("whsec_test", core.WithMaxBodyBytes(100))
	_, err := verifier.Verify(context.Background(), delivery, core.Sign("whsec_test", delivery))
	fmt.Println(core.StatusCode(err))
	// Output: 413
}

// A replayed delivery is as authentic as the first. Only its age can give it away.
func ExampleWithMaxAge() {
	verifier := core.MustVerifier("whsec_test", core.WithMaxAge(72*time.Hour))
	_, err := verifier.Verify(context.Background(), delivery, core.Sign("whsec_test", delivery))
	fmt.Println(errors.Is(err, core.ErrExpired), core.StatusCode(err))
	// Output: true 403
}

// Count outcomes, for example with Prometheus.
func ExampleWithObserver() {
	outcomes := map[int]int{}
	verifier := core.MustVerifier("whsec_test", core.WithObserver(func(_ context.Context, o core.Observation) {
		outcomes[core.StatusCode(o.Err)]++ // a server needs a counter that is safe for concurrent use
	}))
	for _, secret := range []string{"whsec_test", "whsec_test", "forged"} {
		_, _ = verifier.Verify(context.Background(), delivery, core.Sign(secret, delivery))
	}
	fmt.Println(outcomes)
	// Output: map[204:2 401:1]
}

func ExampleLogObserver() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "duration" || a.Key == "error" {
				return slog.Attr{} // varies
			}
			return a
		},
	}))
	verifier := core.MustVerifier("whsec_test", core.WithObserver(core.LogObserver(logger)))
	for _, secret := range []string{"whsec_test", "forged"} {
		_, _ = verifier.Verify(context.Background(), delivery, core.Sign(secret, delivery))
	}
	// Output:
	// level=DEBUG msg="urlr webhook accepted" body_bytes=116 form=raw secret_index=0 type=link_clicked link_code=yBPhx fingerprint=7360b45b9568d53e106fde693553e32f
	// level=WARN msg="urlr webhook refused" body_bytes=116 reason=ErrSignatureMismatch status=401 hint="Check that the secret is that of the link's folder, and that nothing between URLR and this server changes the body."
}

// The PHP and Node recipes in URLR's documentation disagree on accents.
func ExampleCanonicalize() {
	body := []byte(`{ "label": "Été", "url": "https://urlr.me/" }`)
	for _, form := range []core.Form{core.FormRaw, core.FormPHP, core.FormJS} {
		b, err := core.Canonicalize(nil, body, form)
		fmt.Printf("%v: %s %v\n", form, b, err)
	}
	_, err := core.Canonicalize(nil, []byte(`{"code":"a","code":"b"}`), core.FormPHP)
	fmt.Println(errors.Is(err, core.ErrNoCanonicalForm))
	// Output:
	// raw: { "label": "Été", "url": "https://urlr.me/" } <nil>
	// php: {"label":"\u00c9t\u00e9","url":"https:\/\/urlr.me\/"} <nil>
	// js: {"label":"Été","url":"https:\/\/urlr.me\/"} <nil>
	// true
}

// Sign computes the x-signature header of a test delivery.
func ExampleSign() {
	fmt.Println(core.Sign("whsec_test", []byte(`{"event":"link_clicked"}`)))
	// Output: 2d92188d1d0e3d10f99ed01422954bd2a6cd2de232fedd0f1711892e7510ede8
}

func ExampleStatusCode() {
	fmt.Println(core.StatusCode(nil))
	fmt.Println(core.StatusCode(core.ErrSignatureMismatch))
	fmt.Println(core.StatusCode(fmt.Errorf("insert click: %w", core.ErrUnavailable)))
	fmt.Println(core.StatusCode(errors.New("anything else")))
	// Output:
	// 204
	// 401
	// 503
	// 500
}

// ErrUnavailable makes URLR retry.
func ExampleWriteProblem() {
	w := httptest.NewRecorder()
	core.WriteProblem(w, fmt.Errorf("queue is full: %w", core.ErrUnavailable))
	fmt.Println(w.Code, w.Header().Get("Retry-After"))
	fmt.Print(w.Body)
	// Output:
	// 503 10
	// {"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The event can't be processed at the moment. Send the delivery again later."}
}

// Events of a future type are acknowledged, so that URLR doesn't retry them.
func ExampleOnLinkClicked() {
	handler := core.OnLinkClicked(func(_ context.Context, e *core.Event) error {
		fmt.Println("click on", e.Link.Code)
		return nil
	})
	for _, eventType := range []core.EventType{core.EventLinkClicked, "link_created"} {
		fmt.Println(handler(context.Background(), &core.Event{Type: eventType, Link: core.Link{Code: "yBPhx"}}))
	}
	// Output:
	// click on yBPhx
	// <nil>
	// <nil>
}

func ExampleFromContext() {
	ctx := core.NewContext(context.Background(), &core.Event{Link: core.Link{Code: "yBPhx"}})
	if event, ok := core.FromContext(ctx); ok {
		fmt.Println(event.Link.Code)
	}
	_, ok := core.FromContext(context.Background())
	fmt.Println(ok)
	// Output:
	// yBPhx
	// false
}

// A field of an unexpected type does not cause the event to be dropped.
func ExampleEvent_Drift() {
	body := []byte(`{"event":"link_clicked","link":{"code":"yBPhx","team":"five"}}`)
	event, err := core.MustVerifier("whsec_test").Verify(context.Background(), body, core.Sign("whsec_test", body))
	fmt.Println(event.Link.Code, event.Link.Team, event.Drift(), err)
	// Output: yBPhx 0 [link.team] <nil>
}

// A delivery and its retries have the same fingerprint.
func ExampleEvent_Fingerprint() {
	verifier := core.MustVerifier("whsec_test")
	for range 2 {
		event, err := verifier.Verify(context.Background(), delivery, core.Sign("whsec_test", delivery))
		fmt.Println(event.Fingerprint(), err)
	}
	// Output:
	// 7360b45b9568d53e106fde693553e32f <nil>
	// 7360b45b9568d53e106fde693553e32f <nil>
}
