// Package pgtest starts Postgres servers for tests.
package pgtest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/freeport"
)

// A Server is a Postgres server with its own cluster. It keeps what it has committed when it is
// killed.
type Server struct {
	Port int

	bin, dir   string
	attributes *syscall.SysProcAttr // of the server's processes; nil for those of this process
	process    *exec.Cmd
	ended      chan struct{} // closed when the process has ended
}

// Start starts a server on a free port of 127.0.0.1 and stops it when the test ends. It skips the
// test if Debian's package postgresql is not installed, but fails it in CI.
func Start(tb testing.TB) *Server {
	tb.Helper()
	s := start(tb)
	tb.Cleanup(s.remove)
	return s
}

var shared struct {
	sync.Mutex
	server *Server
}

// Shared returns a server for all tests of a package, whose TestMain must call [Main].
func Shared(tb testing.TB) *Server {
	tb.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		shared.server = start(tb)
	}
	return shared.server
}

// Main runs the tests and stops the server of [Shared].
func Main(m *testing.M) (code int) {
	code = m.Run()
	if shared.server != nil {
		shared.server.remove()
	}
	return code
}

func start(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{bin: binaries(), Port: freeport.Port(tb)}
	if s.bin == "" {
		if os.Getenv("CI") != "" {
			tb.Fatal("postgresql must be installed in CI")
		}
		tb.Skip("postgresql is not installed")
	}
	s.dir = s.directory(tb)
	s.initialize(tb)
	s.Restart(tb)
	return s
}

// remove stops the server and removes its cluster.
func (s *Server) remove() {
	s.end(syscall.SIGQUIT)
	_ = os.RemoveAll(s.dir)
}

// URL returns the address of a database. The database postgres always exists.
func (s *Server) URL(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.Port, database)
}

// binaries returns the folder of the newest installed server, or "".
func binaries() string {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is valid
	slices.SortFunc(folders, func(a, b string) int { return version(a) - version(b) })
	if len(folders) == 0 {
		return ""
	}
	return folders[len(folders)-1]
}

func version(bin string) int {
	v, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin))) // 0 if it is not a version
	return v
}

// directory returns a folder for the cluster. It is not from tb.TempDir, which other users can't
// access.
func (s *Server) directory(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "pgtest") //nolint:usetesting // see above
	require.NoError(tb, err)
	if os.Geteuid() == 0 {
		s.attributes = giveAway(tb, dir)
	}
	return dir
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin, name), args...) //nolint:gosec // the arguments are this package's
	c.Dir = s.dir
	c.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	c.SysProcAttr = s.attributes
	return c
}

func (s *Server) initialize(tb testing.TB) {
	tb.Helper()
	output, err := s.command("initdb", "--pgdata", s.data(), "--username", "postgres", "--auth", "trust",
		"--no-sync", "--encoding", "UTF8").CombinedOutput()
	require.NoError(tb, err, string(output))
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Restart starts a stopped server.
func (s *Server) Restart(tb testing.TB) {
	tb.Helper()
	s.process = s.command("postgres", "-D", s.data(), "-p", strconv.Itoa(s.Port), "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=", "-c", "shared_buffers=32MB", "-c", "log_min_messages=fatal")
	require.NoError(tb, s.process.Start())
	s.ended = make(chan struct{})
	go func() {
		_ = s.process.Wait() // a signal ended it
		close(s.ended)
	}()
	require.Eventually(tb, s.isReady, 30*time.Second, 20*time.Millisecond)
}

// isReady reports whether the server accepts connections: whether it responds to a startup message
// of the protocol with AuthenticationOk.
func (s *Server) isReady() bool {
	connection, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", s.Port), time.Second)
	if err != nil {
		return false
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(time.Second)) // Read returns the error
	if _, err := connection.Write([]byte("\x00\x00\x00\x17\x00\x03\x00\x00user\x00postgres\x00\x00")); err != nil {
		return false
	}
	var kind [1]byte
	_, err = connection.Read(kind[:])
	return err == nil && kind[0] == 'R'
}

// Stop stops the server in immediate mode, which is like a crash. What was committed asynchronously
// may be lost.
func (s *Server) Stop(tb testing.TB) {
	tb.Helper()
	s.end(syscall.SIGQUIT)
}

func (s *Server) end(signal os.Signal) {
	select {
	case <-s.ended:
	default:
		_ = s.process.Process.Signal(signal) // it may have exited already
		<-s.ended
	}
}
