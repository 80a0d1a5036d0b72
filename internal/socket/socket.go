// Package socket looks at the socket below a connection: whether the peer has closed it, and whether
// what was written arrived. It neither reads from the connection nor blocks it.
package socket

import (
	"net"
	"syscall"
)

// A Socket can be looked at.
type Socket struct{ raw syscall.RawConn }

// A Fate is what became of what was written to a socket.
type Fate int

// The fates.
const (
	Unknown Fate = iota // this platform or this kind of socket can't tell
	Arrived             // the peer has it, or nothing speaks against it
	Lost                // the peer reset the connection, or stopped answering, before it had everything
)

// Of returns the socket of a connection, with TLS or without, or nil if nobody can look at it.
func Of(c net.Conn) *Socket {
	if tls, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = tls.NetConn()
	}
	conn, ok := c.(syscall.Conn)
	if !ok || !canLook {
		return nil
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil
	}
	return &Socket{raw}
}
