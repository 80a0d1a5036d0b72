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
	return control(connection, func(fd int) bool {
		var b [1]byte
		n, _, err := syscall.Recvfrom(fd, b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		waiting := errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR)
		return err == nil && n == 0 || err != nil && !waiting
	})
}

// isReset reports whether the peer refused what was written. A peer that has read it all and then closed its side has not. A write that
// failed has taken the socket's error away, but a socket that was reset has no peer any more.
func isReset(connection net.Conn) bool {
	return control(connection, func(fd int) bool {
		code, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ERROR)
		_, noPeer := syscall.Getpeername(fd)
		return code != 0 || err != nil || noPeer != nil
	})
}

// control asks about the connection's socket.
func control(connection net.Conn, ask func(fd int) bool) (answer bool) {
	socket, ok := connection.(syscall.Conn)
	if !ok {
		return false // app.Test, or TLS
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return true // closed on this side
	}
	err = raw.Control(func(fd uintptr) { answer = ask(int(fd)) })
	return answer || err != nil
}
