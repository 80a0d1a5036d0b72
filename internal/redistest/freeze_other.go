//go:build !unix

package redistest

import (
	"testing"
	"time"
)

// Freeze skips the test: no other process can be stopped for a time here.
func (s *Server) Freeze(tb testing.TB, _ time.Duration) {
	tb.Helper()
	tb.Skip("this system can't stop a process for a time")
}
