package watermillurlr_test

import (
	"sync"
	"testing"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const (
	secret = "whsec_test"
	topic  = "clicks"
)

// verified returns the event in a body as a receiver gets it.
func verified(t *testing.T, body []byte) *core.Event {
	t.Helper()
	e, err := core.MustVerifier(secret).Verify(t.Context(), body, core.Sign(secret, body))
	require.NoError(t, err)
	return e
}

func newClick(t *testing.T) *core.Event {
	t.Helper()
	return verified(t, urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest))
}

// A broker keeps what is published, unless fail says otherwise.
type broker struct {
	fail func(attempt int, m *message.Message) error

	mu       sync.Mutex
	attempts []*message.Message
	kept     []*message.Message
}

func (b *broker) Publish(to string, messages ...*message.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range messages {
		b.attempts = append(b.attempts, m)
		if b.fail != nil {
			if err := b.fail(len(b.attempts), m); err != nil {
				return err
			}
		}
		if to == topic {
			b.kept = append(b.kept, m)
		}
	}
	return nil
}

func (b *broker) Close() error { return nil }
