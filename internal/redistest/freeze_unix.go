//go:build unix

package redistest

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Freeze stops the server for a time: it accepts connections and commands, but answers none.
func (s *Server) Freeze(tb testing.TB, d time.Duration) {
	tb.Helper()
	require.NoError(tb, s.process.Process.Signal(syscall.SIGSTOP))
	time.Sleep(d)
	require.NoError(tb, s.process.Process.Signal(syscall.SIGCONT))
}
