package socket_test

import (
	"io"
	"net"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/socket"
)

// connect returns both ends of a loopback connection.
func connect(t *testing.T) (client, server *net.TCPConn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, listener.Close()) })
	dialed, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	accepted, err := listener.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = dialed.Close(), accepted.Close() }) // a test may have closed them
	return dialed.(*net.TCPConn), accepted.(*net.TCPConn)
}

func closeIt(t *testing.T, c io.Closer) {
	t.Helper()
	require.NoError(t, c.Close())
	time.Sleep(20 * time.Millisecond) // until it reaches the other side
}

func reset(t *testing.T, c *net.TCPConn) {
	t.Helper()
	require.NoError(t, c.SetLinger(0))
	closeIt(t, c)
}

func write(t *testing.T, c io.Writer, what string) {
	t.Helper()
	_, err := io.WriteString(c, what)
	require.NoError(t, err)
}

func read(t *testing.T, c io.Reader, n int) {
	t.Helper()
	_, err := io.ReadFull(c, make([]byte, n))
	require.NoError(t, err)
}

// fill writes until the buffers of both sides are full.
func fill(t *testing.T, c *net.TCPConn) {
	t.Helper()
	raw, err := c.SyscallConn()
	require.NoError(t, err)
	var full error
	for full == nil {
		err := raw.Write(func(fd uintptr) bool {
			_, full = syscall.Write(int(fd), make([]byte, 64<<10))
			return true
		})
		require.NoError(t, err)
	}
	require.ErrorIs(t, full, syscall.EAGAIN)
}

func TestFate(t *testing.T) {
	for name, test := range map[string]struct {
		play func(t *testing.T, client, server *net.TCPConn)
		peer socket.Peer
		want socket.Fate
	}{
		"open": {func(t *testing.T, _, server *net.TCPConn) {
			write(t, server, "answer")
		}, socket.Present, socket.Arrived},
		"read and closed": {func(t *testing.T, client, server *net.TCPConn) {
			write(t, server, "answer")
			read(t, client, 6)
			closeIt(t, client)
		}, socket.Closed, socket.Arrived},
		"read and reset": {func(t *testing.T, client, server *net.TCPConn) {
			write(t, server, "answer")
			read(t, client, 6)
			reset(t, client)
		}, socket.Reset, socket.Arrived},
		"half-closed, then written": {func(t *testing.T, client, server *net.TCPConn) {
			require.NoError(t, client.CloseWrite())
			write(t, server, "answer")
		}, socket.Closed, socket.Arrived},
		"closed, then written": {func(t *testing.T, client, server *net.TCPConn) {
			closeIt(t, client)
			write(t, server, "answer")
		}, socket.Reset, socket.Lost},
		"a request, closed, then written": {func(t *testing.T, client, server *net.TCPConn) {
			write(t, client, "request that nobody reads")
			closeIt(t, client)
			write(t, server, "answer")
		}, socket.Reset, socket.Lost},
		"reset before": {func(t *testing.T, client, server *net.TCPConn) {
			reset(t, client)
			_, err := io.WriteString(server, "answer")
			require.Error(t, err)
		}, socket.Reset, socket.Arrived}, // nothing was written; Write reported the error
		"half-closed, and does not read": {func(t *testing.T, client, server *net.TCPConn) {
			require.NoError(t, client.CloseWrite())
			fill(t, server)
		}, socket.Closed, socket.Lost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := connect(t)
			test.play(t, client, server)
			s := socket.Of(server)
			assert.Equal(t, test.want, s.Fate())
			assert.Equal(t, test.peer, s.Peer())
		})
	}
}

func TestOtherConnections(t *testing.T) {
	one, other := net.Pipe()
	defer one.Close()
	defer other.Close()
	assert.Nil(t, socket.Of(one), "nobody can look at it")

	_, server := connect(t)
	s := socket.Of(server)
	closeIt(t, server)
	assert.Equal(t, socket.Reset, s.Peer())
	assert.Equal(t, socket.Unknown, s.Fate())

	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, listener.Close()) })
	client, err := net.Dial("unix", listener.Addr().String())
	require.NoError(t, err)
	accepted, err := listener.Accept()
	require.NoError(t, err)
	defer accepted.Close()
	s = socket.Of(accepted)
	assert.Equal(t, socket.Present, s.Peer())
	closeIt(t, client)
	assert.Equal(t, socket.Closed, s.Peer())
	assert.Equal(t, socket.Unknown, s.Fate())
}
