package watermillurlr_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
	"github.com/ThreeDotsLabs/watermill/pubsub/gochannel"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
	"github.com/urlr-community/webhooks-go/watermillurlr"
)

func TestEventIsTheOneThatWasPublished(t *testing.T) {
	event := urlrtest.NewEvent()
	event.City = "Créteil"
	for _, generation := range urlrtest.Generations() {
		body := urlrtest.Body(event, generation)
		inJS, err := core.Canonicalize(nil, body, core.FormJS)
		require.NoError(t, err)
		for form, delivery := range map[core.Form]struct{ signed, arrives []byte }{
			core.FormRaw: {body, body},
			core.FormPHP: {body, urlrtest.Reencode(body)},
			core.FormJS:  {inJS, body},
		} {
			want, err := core.MustVerifier(secret).Verify(t.Context(), delivery.arrives, core.Sign(secret, delivery.signed))
			require.NoError(t, err)
			require.Equal(t, form, want.Form())
			b := &broker{}
			require.NoError(t, watermillurlr.Publish(b, topic)(t.Context(), want))
			require.Len(t, b.kept, 1)
			got, err := watermillurlr.Event(b.kept[0])
			require.NoError(t, err)
			assert.Equal(t, want, got, "%s, %s", generation, form)
		}
	}
}

func TestAlienMessages(t *testing.T) {
	published := func(t *testing.T) *message.Message {
		b := &broker{}
		require.NoError(t, watermillurlr.Publish(b, topic)(t.Context(), newClick(t)))
		return b.kept[0]
	}
	set := func(key, value string) func(*message.Message) {
		return func(m *message.Message) { m.Metadata.Set(key, value) }
	}
	for name, test := range map[string]struct {
		change func(m *message.Message)
		want   string
	}{
		"another program's": {
			func(m *message.Message) { m.Metadata = nil }, "no metadata urlr_type, urlr_form, urlr_fingerprint:",
		},
		"no type":           {func(m *message.Message) { delete(m.Metadata, "urlr_type") }, "no metadata urlr_type:"},
		"no form":           {set("urlr_form", ""), "no metadata urlr_form:"},
		"no fingerprint":    {set("urlr_fingerprint", ""), "no metadata urlr_fingerprint:"},
		"another form":      {set("urlr_form", "hunter2"), "urlr_form is none of raw, php and js"},
		"a bad fingerprint": {set("urlr_fingerprint", "hunter2"), "urlr_fingerprint is not 32"},
		"no event":          {func(m *message.Message) { m.Payload = []byte(`{"id":"hunter2"}`) }, "malformed event"},
		"no payload":        {func(m *message.Message) { m.Payload = nil }, "malformed event"},
	} {
		t.Run(name, func(t *testing.T) {
			m := published(t)
			test.change(m)
			e, err := watermillurlr.Event(m)
			assert.Nil(t, e)
			assert.ErrorIs(t, err, watermillurlr.ErrAlien)
			assert.ErrorContains(t, err, test.want)
			assert.NotContains(t, err.Error(), "hunter2", "no error quotes the message")
			consume := watermillurlr.Consume(func(context.Context, *core.Event) error {
				t.Error("an alien message must not be handled")
				return nil
			})
			assert.Equal(t, err, consume(m))
		})
	}
	_, err := watermillurlr.Event(nil)
	assert.ErrorIs(t, err, watermillurlr.ErrAlien)
}

// An alien message goes to the poison queue, and the reason says what is missing. A message whose
// handler fails is delivered again.
func TestConsumeInARouter(t *testing.T) {
	pubSub := gochannel.NewGoChannel(gochannel.Config{Persistent: true}, nil)
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: 5 * time.Second}, nil)
	require.NoError(t, err)
	isAlien := func(err error) bool { return errors.Is(err, watermillurlr.ErrAlien) }
	poison, err := middleware.PoisonQueueWithFilter(pubSub, "poison", isAlien)
	require.NoError(t, err)
	router.AddMiddleware(poison)

	handled := make(chan *core.Event, 10)
	failures := 2
	router.AddNoPublisherHandler("count", topic, pubSub, watermillurlr.Consume( //nolint:staticcheck // v1.5.0 has no other
		func(ctx context.Context, e *core.Event) error {
			fromContext, _ := core.FromContext(ctx)
			assert.Same(t, e, fromContext)
			if failures--; failures >= 0 {
				return errDown
			}
			handled <- e
			return nil
		}))
	go func() { assert.NoError(t, router.Run(context.WithoutCancel(t.Context()))) }()
	t.Cleanup(func() { assert.NoError(t, router.Close()) })
	poisoned, err := pubSub.Subscribe(t.Context(), "poison")
	require.NoError(t, err)

	click := newClick(t)
	require.NoError(t, watermillurlr.Publish(pubSub, topic)(t.Context(), click))
	require.NoError(t, pubSub.Publish(topic, message.NewMessage(watermill.NewUUID(), []byte(`{"event":"other"}`))))
	assert.Equal(t, click, within(t, handled))
	m := within(t, poisoned)
	m.Ack()
	assert.Contains(t, m.Metadata.Get(middleware.ReasonForPoisonedKey), "no metadata urlr_type, urlr_form")
}

func within[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(10 * time.Second):
		require.Fail(t, "nothing came")
		panic("unreachable")
	}
}
