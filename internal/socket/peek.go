//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package socket

import (
	"errors"
	"syscall"
)

// peek checks for readable data without consuming it or blocking.
func peek(fd int) Peer {
	var b [1]byte
	n, _, err := syscall.Recvfrom(fd, b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	switch {
	case err == nil && n == 0:
		return Closed
	case err == nil, errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EWOULDBLOCK), errors.Is(err, syscall.EINTR):
		return Present
	default:
		return Reset
	}
}
