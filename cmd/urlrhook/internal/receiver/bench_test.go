package receiver_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/receiver"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// BenchmarkListen measures how many deliveries a second are received over HTTP, verified, written
// to disk, forwarded over HTTP and answered. Sender, receiver and application share the machine.
func BenchmarkListen(b *testing.B) {
	kept, err := store.Open(filepath.Join(b.TempDir(), "deliveries.db"), 10_000)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, kept.Close()) })
	application := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	}))
	b.Cleanup(application.Close)
	target, err := url.Parse(application.URL)
	require.NoError(b, err)
	refused := func(reason string) { b.Error(reason) }
	r, err := receiver.New(receiver.Config{Store: kept, Secrets: []string{secret}, Target: target,
		Client: newClient(b), Arrived: func(*store.Delivery) {}, Answered: func(*store.Delivery) {}, Overload: refused})
	require.NoError(b, err)
	listener := httptest.NewServer(r)
	b.Cleanup(listener.Close)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	b.Cleanup(client.CloseIdleConnections)

	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			response, err := client.Do(urlrtest.NewRequest(listener.URL, secret, urlrtest.NewEvent()))
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			if response.StatusCode != http.StatusNoContent {
				b.Errorf("status %d", response.StatusCode)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}
