// Package redistest starts Redis servers for tests.
package redistest

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/freeport"
)

// A Server is a redis-server with append-only persistence, so that it loses nothing when killed.
type Server struct {
	Addr string

	dir     string
	options []string
	process *exec.Cmd
}

// Start starts a server on a free port and stops it when the test ends. It skips the test if
// redis-server is not installed, but fails it in CI.
func Start(tb testing.TB) *Server {
	tb.Helper()
	return start(tb)
}

// StartClusterNode is like [Start] for a server in cluster mode.
func StartClusterNode(tb testing.TB) *Server {
	tb.Helper()
	return start(tb, "--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(freeport.Port(tb)))
}

func start(tb testing.TB, options ...string) *Server {
	tb.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatal("redis-server is not installed")
		}
		tb.Skip("redis-server is not installed")
	}
	s := &Server{Addr: freeport.Addr(tb), dir: tb.TempDir(), options: options}
	s.Restart(tb)
	tb.Cleanup(func() {
		if s.process.ProcessState == nil { // still running
			s.Kill(tb)
		}
	})
	return s
}

// Restart restarts a killed server with its data.
func (s *Server) Restart(tb testing.TB) {
	tb.Helper()
	_, port, err := net.SplitHostPort(s.Addr)
	require.NoError(tb, err)
	s.process = exec.Command("redis-server", append(s.options, "--port", port, "--bind", "127.0.0.1", "--dir", s.dir,
		"--save", "", "--appendonly", "yes", "--appendfsync", "always")...)
	require.NoError(tb, s.process.Start())
	require.Eventually(tb, s.responds, 10*time.Second, 10*time.Millisecond)
}

// responds reports whether the server accepts commands.
func (s *Server) responds() bool {
	connection, err := net.DialTimeout("tcp", s.Addr, time.Second)
	if err != nil {
		return false
	}
	defer connection.Close()
	if _, err := connection.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	reply, err := bufio.NewReader(connection).ReadString('\n')
	return err == nil && reply == "+PONG\r\n"
}

// Kill kills the server, as a crash would.
func (s *Server) Kill(tb testing.TB) {
	tb.Helper()
	require.NoError(tb, s.process.Process.Kill())
	_ = s.process.Wait() // killed above
}
