package diagnose_test

import (
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/diagnose"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Explain never invents a cause.
func TestUnrelatedPairsAreNeverExplained(t *testing.T) {
	const workers = 4
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(worker)))
			for range pairs / workers {
				body, signature := randomBody(random), randomSignature(random)
				r := diagnose.Explain(body, signature, secret, otherSecret)
				if !assert.False(t, r.Authentic) ||
					!assert.Equal(t, diagnose.Unknown, r.Cause, "%q %s", body, signature) {
					return
				}
				assert.NotEmpty(t, r.Suspicion)
				assert.Nil(t, r.Signed)
				assert.Equal(t, -1, r.SecretIndex)
			}
		})
	}
	group.Wait()
}

func randomBody(random *rand.Rand) []byte {
	if random.IntN(4) == 0 {
		return randomBytes(random, 1+random.IntN(200))
	}
	e := urlrtest.NewEvent()
	e.Link.Code = strconv.FormatUint(random.Uint64(), 36)
	e.Timestamp = time.Unix(random.Int64N(1<<32), 0)
	generations := urlrtest.Generations()
	body := urlrtest.Body(e, generations[random.IntN(len(generations))])
	if random.IntN(2) == 0 {
		return urlrtest.Reencode(body)
	}
	return body
}

// randomSignature is well-formed, so that only an invented cause could be found.
func randomSignature(random *rand.Rand) string {
	if random.IntN(2) == 0 {
		return hex.EncodeToString(randomBytes(random, 32))
	}
	return core.Sign("unrelated", randomBody(random))
}

func randomBytes(random *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return b
}
