package brokertest

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill-nats/v2/pkg/nats"
	"github.com/ThreeDotsLabs/watermill/message"
	natsserver "github.com/nats-io/nats-server/v2/server"
	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/freeport"
	"github.com/urlr-community/webhooks-go/watermillurlr"
)

// serverEnv tells this program to be a NATS server: "port directory".
const serverEnv = "BROKERTEST_NATS_SERVER"

func TestMain(m *testing.M) {
	if arguments := os.Getenv(serverEnv); arguments != "" {
		beServer(arguments)
	}
	os.Exit(m.Run())
}

// beServer serves until it is killed or its standard input is closed, which happens when the test
// ends.
func beServer(arguments string) {
	port, dir, _ := strings.Cut(arguments, " ")
	number, err := strconv.Atoi(port)
	if err != nil {
		panic(err)
	}
	server, err := natsserver.NewServer(&natsserver.Options{
		Host: "127.0.0.1", Port: number, JetStream: true, StoreDir: dir, NoSigs: true, NoLog: true,
	})
	if err != nil {
		panic(err)
	}
	server.Start()
	_, _ = os.Stdin.Read(make([]byte, 1)) // returns with an error
	os.Exit(0)
}

// A natsProcess is a NATS server with JetStream in its own process, so that it can be killed.
type natsProcess struct {
	port, dir string
	process   *exec.Cmd
}

func startNATS(t *testing.T) *natsProcess {
	t.Helper()
	s := &natsProcess{port: strconv.Itoa(freeport.Port(t)), dir: t.TempDir()}
	s.start(t)
	t.Cleanup(func() { s.kill() })
	return s
}

func (s *natsProcess) url() string { return "nats://127.0.0.1:" + s.port }

func (s *natsProcess) start(t *testing.T) {
	t.Helper()
	s.process = exec.Command(os.Args[0])
	s.process.Env = append(os.Environ(), serverEnv+"="+s.port+" "+s.dir)
	_, err := s.process.StdinPipe() // closed when this process ends
	require.NoError(t, err)
	require.NoError(t, s.process.Start())
}

// kill ends the server as a crash would.
func (s *natsProcess) kill() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait() // it was killed
}

// crash kills the server and restarts it after an outage.
func (s *natsProcess) crash(t *testing.T) {
	t.Helper()
	s.kill()
	time.Sleep(outage)
	s.start(t)
	time.Sleep(outage)
}

// freeze stops the server for an outage: it receives messages, but processes them only afterwards.
func (s *natsProcess) freeze(t *testing.T) {
	t.Helper()
	require.NoError(t, s.process.Process.Signal(syscall.SIGSTOP))
	time.Sleep(outage)
	require.NoError(t, s.process.Process.Signal(syscall.SIGCONT))
	time.Sleep(outage)
}

// connect returns a connection for the test itself, as soon as the server accepts commands.
func (s *natsProcess) connect(t *testing.T) jetstream.JetStream {
	t.Helper()
	connection, err := natsgo.Connect(s.url(),
		natsgo.RetryOnFailedConnect(true), natsgo.MaxReconnects(-1), natsgo.ReconnectWait(20*time.Millisecond))
	require.NoError(t, err)
	t.Cleanup(connection.Close)
	require.Eventually(t, connection.IsConnected, 10*time.Second, 10*time.Millisecond)
	js, err := jetstream.New(connection)
	require.NoError(t, err)
	return js
}

// A countingPublisher counts failed attempts.
type countingPublisher struct {
	message.Publisher

	failed atomic.Int64
}

func (p *countingPublisher) Publish(topic string, messages ...*message.Message) error {
	err := p.Publisher.Publish(topic, messages...)
	if err != nil {
		p.failed.Add(1)
	}
	return err
}

// ackWait is how long the publisher waits for an acknowledgment. It is shorter than each outage.
const (
	ackWait = 200 * time.Millisecond
	outage  = 3 * ackWait
)

// A setup is how a receiver publishes. The zero setup has none of the recommended options.
type setup struct {
	nats       []natsgo.Option
	trackMsgID bool
	publish    []watermillurlr.Option
}

// recommended is what the documentation of watermillurlr recommends.
func recommended() setup {
	return setup{
		nats:       []natsgo.Option{natsgo.ReconnectBufSize(-1), natsgo.MaxReconnects(-1)},
		trackMsgID: true,
		publish:    []watermillurlr.Option{watermillurlr.WithRetry(20 * time.Second)},
	}
}

// A NATS server that is killed and restarted loses no click and stores none twice. Neither does one
// that acknowledges messages too late.
func TestNATSKilled(t *testing.T) {
	server := startNATS(t)
	outcome := clicksThrough(t, server, recommended(), clickCount(t, "1740"), func() {
		server.freeze(t)
		server.crash(t)
		server.crash(t)
	})
	require.Positive(t, outcome.failures, "the outages must hit")
	requireSame(t, outcome.want, outcome.got)
}

// Each recommended option is needed: without it, the test above would fail.
func TestWhatEachOptionPrevents(t *testing.T) {
	const clicks = 600
	t.Run("messages stored twice, without TrackMsgId", func(t *testing.T) {
		server, options := startNATS(t), recommended()
		options.trackMsgID = false
		outcome := clicksThrough(t, server, options, clicks, func() { server.freeze(t) })
		require.Positive(t, outcome.surplus())
	})
	t.Run("messages stored twice, without WithRetry", func(t *testing.T) {
		server, options := startNATS(t), recommended()
		options.publish = nil
		outcome := clicksThrough(t, server, options, clicks, func() { server.freeze(t) })
		require.Positive(t, outcome.surplus())
	})
	t.Run("messages stored after they failed, with the default buffer", func(t *testing.T) {
		server := startNATS(t)
		outcome := clicksThrough(t, server, setup{trackMsgID: true}, clicks, func() { server.crash(t) })
		require.Positive(t, outcome.surplus())
	})
	t.Run("twins lost, with the fingerprint for UUID", func(t *testing.T) {
		server, options := startNATS(t), recommended()
		options.publish = append(options.publish, watermillurlr.WithMessage(
			func(_ context.Context, click *core.Event, m *message.Message) { m.UUID = click.Fingerprint() }))
		outcome := clicksThrough(t, server, options, clicks, func() {})
		require.Equal(t, len(outcome.want)-sum(outcome.want), outcome.surplus(), "every twin")
	})
}

// An outcome is how many messages each label must have, how many it has, and how many attempts to
// publish failed.
type outcome struct {
	want, got map[string]int
	failures  int64
}

func (o outcome) surplus() int { return sum(o.got) - sum(o.want) }

// ignore keeps the errors caused by kills out of the test's output.
func ignore(*natsgo.Conn, *natsgo.Subscription, error) {}

func sum(counts map[string]int) (n int) {
	for _, count := range counts {
		n += count
	}
	return n
}

// clicksThrough sends clicks through a receiver and NATS to a consumer.
func clicksThrough(t *testing.T, server *natsProcess, options setup, clicks int, inTheMiddle func()) (o outcome) {
	t.Helper()
	stream, err := server.connect(t).CreateStream(t.Context(), jetstream.StreamConfig{
		Name: topic, Subjects: []string{topic}, Storage: jetstream.FileStorage, Duplicates: 2 * time.Minute,
	})
	require.NoError(t, err)
	publisher, err := nats.NewPublisher(nats.PublisherConfig{
		URL:         server.url(),
		NatsOptions: append(options.nats, natsgo.ReconnectWait(20*time.Millisecond), natsgo.ErrorHandler(ignore)),
		JetStream: nats.JetStreamConfig{
			TrackMsgId: options.trackMsgID, ConnectOptions: []natsgo.JSOpt{natsgo.MaxWait(ackWait)},
		},
	}, nil)
	require.NoError(t, err)
	counting := &countingPublisher{Publisher: publisher}
	publish := watermillurlr.Publish(counting, topic, options.publish...)
	o.want = sendClicks(t, clicks, dedupe.New(dedupe.NewMemory()), publish, inTheMiddle)
	o.failures = counting.failed.Load()
	require.NoError(t, publisher.Close())
	o.got = consumeAll(t, server.url(), stream)
	t.Logf("%d attempts to publish failed, %+d messages", o.failures, o.surplus())
	return o
}

// consumeAll returns how many messages each label has.
func consumeAll(t *testing.T, url string, stream jetstream.Stream) map[string]int {
	t.Helper()
	info, err := stream.Info(t.Context())
	require.NoError(t, err)
	fromNATS, err := nats.NewSubscriber(nats.SubscriberConfig{
		URL: url, AckWaitTimeout: 30 * time.Second,
		JetStream: nats.JetStreamConfig{DurablePrefix: "count"},
	}, nil)
	require.NoError(t, err)
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: 5 * time.Second}, nil)
	require.NoError(t, err)
	var counted tally
	router.AddConsumerHandler("count", topic, fromNATS, watermillurlr.Consume(
		func(_ context.Context, click *core.Event) error {
			counted.add(click)
			return nil
		}))
	ran := make(chan error, 1)
	go func() { ran <- router.Run(context.WithoutCancel(t.Context())) }()
	all := func() bool { return counted.count() >= int(info.State.Msgs) }
	assert.Eventually(t, all, 30*time.Second, 10*time.Millisecond)
	require.NoError(t, router.Close())
	require.NoError(t, <-ran)
	return counted.byLabel
}
