//go:build unix

package redistest

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Freeze suspends the server for d. Meanwhile it accepts connections and commands but replies to
// none.
func (s *Server) Freeze(tb testing.TB, d time.Duration) {
	tb.Helper()
	require.NoError(tb, s.process.Process.Signal(syscall.SIGSTOP))
	time.Sleep(d)
	require.NoError(tb, s.process.Process.Signal(syscall.SIGCONT))
}
