// Package freeport finds ports for the servers that tests start in other processes.
package freeport

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// The ports are below those that systems give to connections and to listeners on port 0. Otherwise
// another test could get the port before the server listens, or while it restarts.
const (
	first = 20_000
	last  = 32_767 // Linux gives out the ports above
)

// Port returns a port of 127.0.0.1 that is free.
func Port(tb testing.TB) int {
	tb.Helper()
	for range 100 {
		port := first + rand.IntN(last-first+1) //nolint:gosec // it need not be unpredictable
		if listener, err := net.Listen("tcp", addr(port)); err == nil {
			require.NoError(tb, listener.Close())
			return port
		}
	}
	tb.Fatal("no port is free")
	return 0
}

// Addr returns the address 127.0.0.1 with a port that is free.
func Addr(tb testing.TB) string {
	tb.Helper()
	return addr(Port(tb))
}

func addr(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
