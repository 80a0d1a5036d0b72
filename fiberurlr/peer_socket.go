//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package fiberurlr

import (
	"errors"
	"net"
	"syscall"
)

// isClosedByPeer looks at what the connection has to read, without taking it or waiting for it. The end of the stream means that
// the peer has closed its side.
func isClosedByPeer(connection net.Conn) bool {
	socket, ok := connection.(syscall.Conn)
	if !ok {
		return false // app.Test, or TLS
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return true // closed on this side
	}
	closed := false
	err = raw.Control(func(fd uintptr) {
		var b [1]byte
		n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		waiting := errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR)
		closed = err == nil && n == 0 || err != nil && !waiting
	})
	return closed || err != nil
}
