package loadtest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A result compares the clicks counted with those that happened.
type result struct {
	receiver
	happened, counted int
	lost              int // attempts without a response
	wrong             int // clicks lost or counted twice, summed over all bodies
	died, late        int // see tally
	unseen            int // wrong clicks explained only by a lost response that the server took for delivered
	explained         int // wrong clicks that died, late or unseen explains
}

func newResult(t *testing.T, r receiver, deliveries []urlrtest.Delivery) result {
	t.Helper()
	happened, lost := map[string]int{}, map[string]int{}
	for _, d := range deliveries {
		require.True(t, d.Acknowledged(), "delivery given up: %+v", d.Attempts)
		fingerprint := fingerprintOf(t, d.Body)
		happened[fingerprint]++
		for _, a := range d.Attempts {
			if a.Status == 0 {
				lost[fingerprint]++
			}
		}
	}
	sum := result{receiver: r, happened: len(deliveries)}
	tallies := readJournal(t, r.Journal)
	for fingerprint := range tallies {
		assert.Contains(t, happened, fingerprint)
	}
	for fingerprint, n := range happened {
		body := tallies[fingerprint]
		sum.counted += body.effects
		sum.lost += lost[fingerprint]
		sum.died += body.died
		sum.late += body.late
		wrong := max(body.effects-n, n-body.effects)
		unseen := min(max(wrong-body.died-body.late, 0), max(lost[fingerprint]-body.credits, 0))
		sum.wrong += wrong
		sum.unseen += unseen
		explained := min(wrong, body.died+body.late+unseen)
		if body.effects < n {
			explained = 0 // each of these can count a click twice, but never lose one
		}
		if r.Method == ours && wrong > explained {
			t.Logf("%d clicks were counted %d times, though %d of %d lost responses left a credit: %v",
				n, body.effects, body.credits, lost[fingerprint], body.lines)
		}
		sum.explained += explained
	}
	return sum
}

func fingerprintOf(t *testing.T, body []byte) string {
	t.Helper()
	e, err := core.MustVerifier(secret).Verify(t.Context(), body, core.Sign(secret, body))
	require.NoError(t, err)
	return e.Fingerprint()
}

func (r result) String() string {
	deviation := 100 * float64(r.counted-r.happened) / float64(r.happened)
	s := fmt.Sprintf("%s, %s: counted %d of %d clicks (%+.2f %%) with %d responses lost; %d not counted once",
		r.Framework, r.Method, r.counted, r.happened, deviation, r.lost, r.wrong)
	if r.Method == ours {
		s += fmt.Sprintf("; %d attempts died before their bookkeeping, %d were late with it, "+
			"%d responses were lost unnoticed", r.died, r.late, r.unseen)
	}
	return s
}
