// Package socket inspects the socket of a connection:
//
//	s := socket.Of(conn)
//	if s != nil && s.Peer() != socket.Present {
//		// The peer has closed or reset the connection.
//	}
//	// Write, then:
//	if s != nil && s.Fate() == socket.Lost {
//		// The peer did not receive all of it.
//	}
//
// It neither reads from the connection nor interferes with its use.
package socket

import (
	"net"
	"syscall"
)

// A Socket is the socket of a connection.
type Socket struct{ raw syscall.RawConn }

// A Peer is the state of the other side of a connection.
type Peer int

// States of a peer.
const (
	Present Peer = iota // connected, as far as this side can tell
	Closed              // the peer closed its side; it may still be reading
	Reset               // the peer reset the connection
)

// A Fate is the fate of the data written to a socket.
type Fate int

// Fates of written data.
const (
	Unknown Fate = iota // not available for this platform or kind of socket
	Arrived             // the peer received everything, or there is no sign to the contrary
	Lost                // the peer reset the connection or stopped acknowledging before it received everything
)

// Of returns the socket of a connection, with or without TLS. It returns nil if the socket can't be
// inspected.
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
