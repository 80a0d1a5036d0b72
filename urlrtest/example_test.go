package urlrtest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// endpoint is the handler under test.
func endpoint(record core.HandlerFunc) http.Handler {
	return nethttpurlr.Verify("whsec_test")(nethttpurlr.Handler(record))
}

func printCode(_ context.Context, e *core.Event) error {
	fmt.Println(e.Link.Code)
	return nil
}

func ExampleNewEvent() {
	click := urlrtest.NewEvent()
	click.Link.Code = "summer"
	fmt.Println(click.Type, click.Link.Code, click.City)
	// Output: link_clicked summer Créhen
}

func ExampleBody() {
	click := urlrtest.NewEvent()
	click.Timestamp = time.Unix(1697398126, 0)
	body := urlrtest.Body(click, urlrtest.Generation2023_10)
	fmt.Println(strings.ReplaceAll(string(body), `,"`, ",\n\"")) // URLR sends no line breaks
	// Output:
	// {"event":"link_clicked",
	// "link":{"code":"yBPhx",
	// "team":5,
	// "folder":10},
	// "country":"FR",
	// "region":"Bretagne",
	// "city":"Cr\u00e9hen",
	// "system":"GNU\/Linux",
	// "browser":"Firefox",
	// "isBot":false,
	// "referer":"https:\/\/example.com\/",
	// "timestamp":1697398126}
}

func ExampleNewRequest() {
	w := httptest.NewRecorder()
	endpoint(printCode).ServeHTTP(w, urlrtest.NewRequest("/webhooks/urlr", "whsec_test", urlrtest.NewEvent()))
	fmt.Println(w.Code)
	// Output:
	// yBPhx
	// 204
}

func ExampleNewRequestWithBody() {
	w := httptest.NewRecorder()
	endpoint(printCode).ServeHTTP(w, urlrtest.NewRequestWithBody("/webhooks/urlr", "whsec_test", []byte(`not JSON`)))
	fmt.Println(w.Code)
	// Output: 422
}

// A receiver that fails at first gets the event again.
func ExampleSender_Send() {
	failures := 2
	server := httptest.NewServer(endpoint(func(_ context.Context, _ *core.Event) error {
		if failures--; failures >= 0 {
			return core.ErrUnavailable
		}
		return nil
	}))
	defer server.Close()

	sender := urlrtest.Sender{
		URL: server.URL, Secret: "whsec_test",
		Retry: urlrtest.Retry{FirstInterval: time.Millisecond},
	}
	delivery := sender.Send(context.Background(), urlrtest.NewEvent())
	for _, attempt := range delivery.Attempts {
		fmt.Println(attempt.Number, attempt.Status)
	}
	// Output:
	// 1 503
	// 2 503
	// 3 204
}

// When responses are lost, the receiver gets events more than once.
func ExampleSender_SendAll() {
	server := httptest.NewServer(endpoint(func(context.Context, *core.Event) error { return nil }))
	defer server.Close()

	sender := urlrtest.Sender{
		URL: server.URL, Secret: "whsec_test", Seed: 1,
		Retry:  urlrtest.Retry{FirstInterval: time.Millisecond},
		Faults: urlrtest.Faults{LoseAnswer: 0.5},
	}
	events := []*core.Event{urlrtest.NewEvent(), urlrtest.NewEvent(), urlrtest.NewEvent()}
	for _, delivery := range sender.SendAll(context.Background(), events...) {
		fmt.Println(len(delivery.Attempts), delivery.Acknowledged())
	}
	// Output:
	// 1 true
	// 4 true
	// 2 true
}

func ExampleReencode() {
	fmt.Printf("%s\n", urlrtest.Reencode([]byte(`{"city":"Cr\u00e9hen","referer":"https:\/\/example.com\/"}`)))
	// Output: {"city": "Créhen", "referer": "https://example.com/"}
}
