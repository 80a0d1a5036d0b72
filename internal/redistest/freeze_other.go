//go:build !unix

package redistest

import (
	"testing"
	"time"
)

// Freeze skips the test: this platform can't suspend a process.
func (s *Server) Freeze(tb testing.TB, _ time.Duration) {
	tb.Helper()
	tb.Skip("this system can't stop a process for a time")
}
