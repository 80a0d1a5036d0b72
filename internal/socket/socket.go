// Package socket looks at the socket below a connection: whether the peer has closed it, and whether
// what was written arrived. It neither reads from the connection nor blocks it.
package socket

import (
	"net"
	"syscall"
)

// A Socket can be looked at.
type Socket struct{ raw syscall.RawConn }

// A Peer is what is known of the other side of a connection.
type Peer int

// What a peer can be.
const (
	Present Peer = iota // as far as anyone can tell
	Closed              // it has closed its side. It may have shut down only that, and still read
	Reset               // it has reset the connection
)

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
