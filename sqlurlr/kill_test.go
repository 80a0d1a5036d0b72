package sqlurlr_test

import (
	"bufio"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/sqlurlr"
)

var kills = flag.Int("sqlurlr.kills", 3, "how often a receiver dies at each point")

// A receiver dies at each point while it handles several deliveries, and is restarted. No click is
// lost or counted twice, unless the receiver died between a response and the end of its attempt.
func TestKilled(t *testing.T) {
	for _, point := range []string{beforeEffect, beforeCommit, afterCommit, afterAnswer} {
		for _, twins := range []float64{0, 0.2} {
			t.Run(fmt.Sprintf("%s, %.0f %% twins", point, 100*twins), func(t *testing.T) {
				eachDatabase(t, func(t *testing.T, d database) { testKilled(t, d, point, twins) })
			})
		}
	}
}

func testKilled(t *testing.T, d database, point string, twins float64) {
	r := startReceiver(t, d)
	s := newSender(r.url, 20**kills, twins)
	s.die = func() string {
		if r.died.Load() < int64(*kills) && rand.IntN(4) == 0 {
			return point
		}
		return ""
	}
	s.send(t)
	lost, double := s.count(t, d.open(t))
	t.Logf("%d clicks, died %d times, over %d attempts that were committed and not ended: %d lost, %d counted twice",
		len(s.cities), r.died.Load(), r.left.Load(), lost, double)
	assert.GreaterOrEqual(t, int(r.died.Load()), *kills)
	assert.Zero(t, double)
	if twins == 0 {
		assert.Zero(t, lost)
	}
	assert.LessOrEqual(t, lost, int(r.left.Load()), "nobody knows which of these were answered")
}

// A receiver is a process with an endpoint. It is restarted whenever it dies.
type receiver struct {
	database
	died, left atomic.Int64 // left: attempts that were committed but not ended, summed over all deaths
	db         *sql.DB

	mu   sync.Mutex
	addr string
}

func startReceiver(t *testing.T, d database) *receiver {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &receiver{database: d, db: d.open(t)}
	var wg sync.WaitGroup
	t.Cleanup(func() { cancel(); wg.Wait() })
	wg.Go(func() {
		for ctx.Err() == nil {
			r.live(ctx, t)
			r.died.Add(1)
		}
	})
	return r
}

// live starts a process and waits until it is dead.
func (r *receiver) live(ctx context.Context, t *testing.T) {
	process := exec.CommandContext(ctx, os.Args[0], "-test.run=^$")
	process.Env = append(os.Environ(), "PGAPPNAME="+receiverName, receiverEnv+"="+r.source, driverEnv+"="+r.driver,
		dialectEnv+"="+strconv.Itoa(int(r.dialect)))
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		t.Error(err)
		return
	}
	addr, err := bufio.NewReader(output).ReadString('\n')
	if err != nil && ctx.Err() == nil {
		t.Error(err)
	}
	r.mu.Lock()
	r.addr = strings.TrimSpace(addr)
	r.mu.Unlock()
	_ = process.Wait() // it was killed
	if ctx.Err() != nil {
		return
	}
	r.awaitSessions(t)
	const left = `SELECT count(*) FROM urlr_dedupe WHERE lease_ends > 0 AND flags & 8 <> 0`
	var n int64
	assert.NoError(t, r.db.QueryRowContext(ctx, left).Scan(&n))
	r.left.Add(n)
}

// awaitSessions waits until Postgres has executed what it has received from a process that died.
func (r *receiver) awaitSessions(t *testing.T) {
	if r.dialect != sqlurlr.Postgres {
		return
	}
	const sessions = "pg_stat_activity WHERE application_name = '" + receiverName + "' AND datname = current_database()"
	assert.Eventually(t, func() bool { return rows(t, r.db, sessions) == 0 }, 20*time.Second, 5*time.Millisecond)
}

func (r *receiver) url() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return "http://" + r.addr + "/"
}
