package watermillurlr_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/watermillurlr"
)

// The broker has each click before URLR gets its 2xx.
func ExamplePublish() {
	var publisher message.Publisher = &broker{} // of watermill-nats, watermill-kafka, ...
	guard := dedupe.New(dedupe.NewMemory())
	publish := watermillurlr.Publish(publisher, "clicks", watermillurlr.WithRetry(20*time.Second))

	// Publish logs nothing, and the response to URLR does not contain the text of an error.
	logged := func(ctx context.Context, click *core.Event) error {
		err := publish(ctx, click)
		if err != nil {
			fmt.Println("not published:", err)
		}
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr",
		nethttpurlr.Verify("secret")(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(logged))))
}

// The clicks on a link stay in order if a marshaler of watermill-kafka uses the metadata as
// partition key.
func ExampleWithMessage() {
	publisher := &broker{}
	partition := func(_ context.Context, click *core.Event, m *message.Message) {
		m.Metadata.Set("partition", click.Link.Code)
	}
	publish := watermillurlr.Publish(publisher, "clicks", watermillurlr.WithMessage(partition))

	body := []byte(`{"event":"link_clicked","link":{"code":"yBPhx"}}`)
	click, err := core.MustVerifier("secret").Verify(context.Background(), body, core.Sign("secret", body))
	fmt.Println(err, publish(context.Background(), click), publisher.kept[0].Metadata.Get("partition"))
	// Output: <nil> <nil> yBPhx
}

// A router calls the handler with each message.
func ExampleConsume() {
	consume := watermillurlr.Consume(func(_ context.Context, click *core.Event) error {
		fmt.Println(click.Link.Code)
		return nil
	})
	body := []byte(`{"event":"link_clicked","link":{"code":"yBPhx"}}`)
	m := message.NewMessage("6d9ca5a1-5e4b-4ba8-9e2c-3fd1e9b7c001", body)
	m.Metadata.Set(watermillurlr.TypeKey, "link_clicked")
	m.Metadata.Set(watermillurlr.FormKey, "raw")
	m.Metadata.Set(watermillurlr.FingerprintKey, "0123456789abcdef0123456789abcdef")
	fmt.Println(consume(m))
	// Output:
	// yBPhx
	// <nil>
}
