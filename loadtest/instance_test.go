package loadtest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/redisurlr"
)

const instanceEnv = "URLR_LOADTEST_INSTANCE"

// TestMain turns this program into an instance of the receiver if a test started it as one.
func TestMain(m *testing.M) {
	config := os.Getenv(instanceEnv)
	if config == "" {
		os.Exit(m.Run())
	}
	if err := runInstance(config); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The ways to count clicks that the tests compare.
const (
	nothing    = "no deduplication"
	signatures = "remembering signatures"
	ours       = "Deduplicate"
)

// A receiver is the configuration of an instance.
type receiver struct {
	Framework, Method, Redis, Journal string
	Addr                              string // address to listen on
}

// An instance is a receiving process.
type instance struct {
	addr    string
	process *exec.Cmd
	stdin   io.Closer // the instance exits when it is closed, and so with the test
}

// start starts an instance that listens on addr.
func (r receiver) start(t *testing.T, addr string) *instance {
	t.Helper()
	r.Addr = addr
	config, err := json.Marshal(r)
	require.NoError(t, err)
	program, err := os.Executable()
	require.NoError(t, err)
	i := &instance{process: exec.Command(program)}
	i.process.Env = append(os.Environ(), instanceEnv+"="+string(config))
	i.process.Stderr = os.Stderr
	stdout, err := i.process.StdoutPipe()
	require.NoError(t, err)
	i.stdin, err = i.process.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, i.process.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	i.addr = strings.TrimSpace(line)
	return i
}

// kill kills the instance in the middle of its work.
func (i *instance) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, i.process.Process.Kill())
	_ = i.process.Wait() // killed above
	_ = i.stdin.Close()  // Wait may have closed it
}

// runInstance serves until its standard input is closed.
func runInstance(config string) error {
	var r receiver
	if err := json.Unmarshal([]byte(config), &r); err != nil {
		return err
	}
	j, err := openJournal(r.Journal)
	if err != nil {
		return err
	}
	listener, err := listen(r.Addr)
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	client := redis.NewClient(&redis.Options{ // as redisurlr recommends
		Addr:        r.Redis,
		DialTimeout: time.Second, ReadTimeout: time.Second, WriteTimeout: time.Second,
		MaxRetries: 1, DialerRetries: 1,
	})
	serve := frameworks[r.Framework]
	switch r.Method {
	case ours:
		store := &journalStore{Store: redisurlr.New(client), journal: j}
		guard := dedupe.New(store, dedupe.WithLease(lease))
		return serve(listener, guard, count(func(e *core.Event) error {
			return j.write(effect, store.attemptOf(e), e.Fingerprint())
		}))
	case signatures:
		return serve(listener, nil, remembering(client, count(j.countAnyway)))
	default:
		return serve(listener, nil, count(j.countAnyway))
	}
}

// listen listens on addr. A restarted instance keeps its address, which another connection may
// occupy for a moment.
func listen(addr string) (listener net.Listener, err error) {
	for range 100 {
		if listener, err = net.Listen("tcp", addr); err == nil {
			return listener, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, err
}

// lease is longer than a handler takes.
const lease = 2 * time.Second

func (j *journal) countAnyway(e *core.Event) error {
	return j.write(effect, dedupe.AttemptID{}, e.Fingerprint())
}

// count returns the handler. It takes as long as a database would and fails 2 % of the deliveries.
func count(write func(*core.Event) error) core.HandlerFunc {
	return func(_ context.Context, e *core.Event) error {
		time.Sleep(20 * time.Millisecond)
		if rand.Float64() < 0.02 {
			return errors.New("database is busy")
		}
		return write(e)
	}
}

// remembering skips signatures seen before: the usual recipe.
func remembering(client *redis.Client, h core.HandlerFunc) core.HandlerFunc {
	return func(ctx context.Context, e *core.Event) error {
		err := client.SetArgs(ctx, e.Fingerprint(), 1, redis.SetArgs{Mode: "NX", TTL: 72 * time.Hour}).Err()
		switch {
		case errors.Is(err, redis.Nil):
			return nil // seen before
		case err != nil:
			return fmt.Errorf("%w: %w", core.ErrUnavailable, err)
		}
		err = h(ctx, e)
		if err != nil {
			err = errors.Join(err, client.Del(context.WithoutCancel(ctx), e.Fingerprint()).Err())
		}
		return err
	}
}
