package watermillurlr_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
	"github.com/urlr-community/webhooks-go/watermillurlr"
)

var errDown = errors.New("dial nats://user:hunter2@broker:4222: connection refused")

func TestPublishMakesOneMessageForEachEvent(t *testing.T) {
	click := newClick(t)
	b := &broker{}
	handle := watermillurlr.Publish(b, topic)
	const twins = 100
	uuids := map[string]bool{}
	for range twins {
		require.NoError(t, handle(t.Context(), click))
	}
	require.Len(t, b.kept, twins)
	for _, m := range b.kept {
		uuids[m.UUID] = true
		assert.Equal(t, click.Raw(), []byte(m.Payload))
		assert.Equal(t, message.Metadata{
			watermillurlr.TypeKey:        "link_clicked",
			watermillurlr.FormKey:        "raw",
			watermillurlr.FingerprintKey: click.Fingerprint(),
		}, m.Metadata)
		assert.NotContains(t, strings.ReplaceAll(m.UUID, "-", ""), click.Fingerprint())
	}
	assert.Len(t, uuids, twins, "twins must have UUIDs of their own")
}

// A publisher and WithMessage may change the payload, but not the event, which others may be
// reading.
func TestPayloadIsACopy(t *testing.T) {
	click := newClick(t)
	want := string(click.Raw())
	b := &broker{fail: func(_ int, m *message.Message) error { clear(m.Payload); return nil }}
	require.NoError(t, watermillurlr.Publish(b, topic)(t.Context(), click))
	assert.Equal(t, want, string(click.Raw()))
}

// An attempt that changes its payload and fails, such as a publisher that encrypts in place, changes
// nothing for the next one.
func TestRetriesHaveAPayloadOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		click := newClick(t)
		b := &broker{fail: func(attempt int, m *message.Message) error {
			if attempt == 1 {
				clear(m.Payload)
				return errDown
			}
			return nil
		}}
		require.NoError(t, watermillurlr.Publish(b, topic, watermillurlr.WithRetry(time.Minute))(t.Context(), click))
		require.Len(t, b.kept, 1)
		assert.Equal(t, string(click.Raw()), string(b.kept[0].Payload))
	})
}

func TestTypeKeyHasWhatEveryBrokerCarries(t *testing.T) {
	for _, test := range []struct{ inJSON, want string }{
		{"link_clicked", "link_clicked"},
		{"link.deleted/v2", "link.deleted/v2"},
		{"", "other"},
		{`two\r\nurlr_form: js`, "other"},
		{"link clicked", "other"},
		{"clic_créé", "other"},
		{strings.Repeat("x", 255), strings.Repeat("x", 255)},
		{strings.Repeat("x", 256), "other"},
	} {
		e := verified(t, []byte(`{"event":"`+test.inJSON+`"}`))
		b := &broker{}
		require.NoError(t, watermillurlr.Publish(b, topic)(t.Context(), e))
		require.Len(t, b.kept, 1)
		assert.Equal(t, test.want, b.kept[0].Metadata[watermillurlr.TypeKey])
		restored, err := watermillurlr.Event(b.kept[0])
		require.NoError(t, err)
		assert.Equal(t, e.Type, restored.Type)
	}
}

func TestWhatNobodyVerifiedIsNotPublished(t *testing.T) {
	b := &broker{}
	for _, e := range []*core.Event{nil, {}, {Type: core.EventLinkClicked}} {
		assert.ErrorIs(t, watermillurlr.Publish(b, topic)(t.Context(), e), core.ErrNotVerified)
	}
	assert.Empty(t, b.attempts)
}

type traceKey struct{}

func TestContextOutlivesTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, test := range []struct {
			opts  []watermillurlr.Option
			limit time.Duration
		}{
			{nil, watermillurlr.PublishTimeout},
			{[]watermillurlr.Option{watermillurlr.WithRetry(time.Minute)}, time.Minute},
		} {
			request, cancel := context.WithCancel(context.WithValue(t.Context(), traceKey{}, "trace"))
			cancel() // the client has disconnected
			b := &broker{fail: func(_ int, m *message.Message) error {
				<-m.Context().Done() // until the limit
				return m.Context().Err()
			}}
			start := time.Now()
			err := watermillurlr.Publish(b, topic, test.opts...)(request, newClick(t))
			assert.ErrorIs(t, err, core.ErrUnavailable)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, test.limit, time.Since(start))
			require.Len(t, b.attempts, 1)
			assert.Equal(t, "trace", b.attempts[0].Context().Value(traceKey{}))
		}
	})
}

func TestWithRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		b := &broker{fail: func(attempt int, m *message.Message) error {
			at = append(at, time.Since(start))
			clear(m.Metadata) // publishers may change what they get
			if attempt <= 6 {
				return errDown
			}
			return nil
		}}
		changed := 0
		handle := watermillurlr.Publish(b, topic, watermillurlr.WithRetry(10*time.Second),
			watermillurlr.WithMessage(func(context.Context, *core.Event, *message.Message) { changed++ }))
		require.NoError(t, handle(t.Context(), newClick(t)))

		const ms = time.Millisecond
		assert.Equal(t, []time.Duration{0, 50 * ms, 150 * ms, 350 * ms, 750 * ms, 1550 * ms, 2550 * ms}, at)
		assert.Equal(t, 1, changed)
		for _, m := range b.attempts {
			assert.Equal(t, b.attempts[0].UUID, m.UUID)
		}
	})
}

// Whatever an attempt does to its message, the next one gets it unchanged.
func TestRetryPublishesTheSameMessage(t *testing.T) {
	var seen []message.Metadata
	b := &broker{fail: func(attempt int, m *message.Message) error {
		seen = append(seen, m.Copy().Metadata)
		m.Metadata = message.Metadata{}
		m.UUID = ""
		if attempt == 1 {
			return errDown
		}
		return nil
	}}
	require.NoError(t, watermillurlr.Publish(b, topic, watermillurlr.WithRetry(time.Second))(t.Context(), newClick(t)))
	require.Len(t, seen, 2)
	assert.Equal(t, seen[0], seen[1])
}

func TestRetryEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{fail: func(int, *message.Message) error { return errDown }}
		start := time.Now()
		err := watermillurlr.Publish(b, topic, watermillurlr.WithRetry(time.Second))(t.Context(), newClick(t))
		assert.ErrorIs(t, err, errDown)
		assert.ErrorIs(t, err, core.ErrUnavailable)
		assert.Equal(t, 750*time.Millisecond, time.Since(start), "the next attempt would come too late")
	})
}

func TestNoRetryByDefault(t *testing.T) {
	b := &broker{fail: func(int, *message.Message) error { return errDown }}
	assert.ErrorIs(t, watermillurlr.Publish(b, topic)(t.Context(), newClick(t)), errDown)
	assert.Len(t, b.attempts, 1)
}

func TestWithMessage(t *testing.T) {
	b := &broker{}
	set := func(key string) watermillurlr.Option {
		return watermillurlr.WithMessage(func(ctx context.Context, e *core.Event, m *message.Message) {
			m.Metadata.Set(key, m.Metadata.Get("link")+e.Link.Code)
			m.Metadata.Set("trace", ctx.Value(traceKey{}).(string))
		})
	}
	ctx := context.WithValue(t.Context(), traceKey{}, "trace")
	click := newClick(t)
	require.NoError(t, watermillurlr.Publish(b, topic, set("link"), set("twice"))(ctx, click))
	require.Len(t, b.kept, 1)
	assert.Equal(t, click.Link.Code, b.kept[0].Metadata.Get("link"))
	assert.Equal(t, click.Link.Code+click.Link.Code, b.kept[0].Metadata.Get("twice"), "in order")
	assert.Equal(t, "trace", b.kept[0].Metadata.Get("trace"))
}

// While the broker is down, the response is a 503 that says nothing about it, and URLR's retries
// lose nothing.
func TestBrokerDown(t *testing.T) {
	b := &broker{fail: func(attempt int, _ *message.Message) error {
		if attempt <= 2 {
			return errDown
		}
		return nil
	}}
	var outcomes []dedupe.Outcome
	observe := func(_ context.Context, o dedupe.Observation) { outcomes = append(outcomes, o.What) }
	guard := dedupe.New(dedupe.NewMemory(), dedupe.WithObserver(observe))
	handler := nethttpurlr.Handler(watermillurlr.Publish(b, topic))
	server := httptest.NewServer(nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(handler)))
	t.Cleanup(server.Close)

	response, err := http.DefaultClient.Do(urlrtest.NewRequest(server.URL, secret, urlrtest.NewEvent()))
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	assert.NotEmpty(t, response.Header.Get("Retry-After"))
	for _, word := range []string{"hunter2", "nats", "clicks", "refused"} {
		assert.NotContains(t, string(answer), word)
	}
	assert.Empty(t, b.kept)

	sender := urlrtest.Sender{URL: server.URL, Secret: secret, Retry: urlrtest.Retry{FirstInterval: time.Millisecond}}
	delivery := sender.Send(t.Context(), urlrtest.NewEvent())
	assert.True(t, delivery.Acknowledged())
	assert.Len(t, delivery.Attempts, 2)
	assert.Len(t, b.kept, 1)
	server.Close() // waits for the guard
	assert.Equal(t, []dedupe.Outcome{dedupe.Failed, dedupe.Failed, dedupe.Processed}, outcomes, "one for each attempt")
}

func TestInvalidSetup(t *testing.T) {
	var none *broker
	for want, setUp := range map[string]func(){
		"needs a publisher":                         func() { watermillurlr.Publish(nil, topic) },
		"needs a publisher, got nil: make one for":  func() { watermillurlr.Publish(none, topic) },
		"needs a topic":                             func() { watermillurlr.Publish(&broker{}, "") },
		"needs a topic: pass the one that":          func() { watermillurlr.Publish(&broker{}, " \t") },
		"nil Option":                                func() { watermillurlr.Publish(&broker{}, topic, nil) },
		"WithRetry needs a time above 0, got 0s":    func() { watermillurlr.WithRetry(0) },
		"WithRetry needs a time above 0, got -1ns":  func() { watermillurlr.WithRetry(-1) },
		"WithMessage needs a function":              func() { watermillurlr.WithMessage(nil) },
		"Consume needs a core.HandlerFunc, got nil": func() { watermillurlr.Consume(nil) },
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				text, _ := recover().(string)
				assert.Contains(t, text, "urlr: watermillurlr.")
				assert.Contains(t, text, want)
			}()
			setUp()
		})
	}
}
