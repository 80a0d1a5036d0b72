package socket

import (
	"encoding/binary"
	"syscall"
	"time"
	"unsafe"
)

const canLook = true

// States of a TCP connection whose peer has closed its side or reset the connection. See
// include/net/tcp_states.h in Linux.
const (
	stateClose     = 7
	stateCloseWait = 8
	stateLastAck   = 9
	stateClosing   = 11
)

// Peer returns the state of the other side, or Reset if this side is closed.
func (s *Socket) Peer() (p Peer) {
	err := s.raw.Control(func(fd uintptr) {
		state, isTCP := tcpState(int(fd))
		switch {
		case !isTCP:
			p = peek(int(fd))
		case state == stateClose:
			p = Reset
		case state == stateCloseWait || state == stateLastAck || state == stateClosing:
			p = Closed
		}
	})
	if err != nil {
		return Reset
	}
	return p
}

// A peer that closed its side before it received everything either acknowledges the rest, because
// it is still reading, or resets the connection. It has this long to do so.
const (
	fateTimeout  = 100 * time.Millisecond
	fateInterval = time.Millisecond
)

// Fate returns the fate of the data written to a TCP connection. It ignores data that Write failed
// to write. If the peer has closed its side, Fate waits up to 100 milliseconds for it to
// acknowledge everything or reset the connection.
func (s *Socket) Fate() Fate {
	fate, isFinal := s.look()
	for waited := time.Duration(0); !isFinal && waited < fateTimeout; waited += fateInterval {
		time.Sleep(fateInterval)
		fate, isFinal = s.look()
	}
	return fate
}

func (s *Socket) look() (fate Fate, isFinal bool) {
	err := s.raw.Control(func(fd uintptr) {
		state, isTCP := tcpState(int(fd))
		switch {
		case !isTCP:
			fate, isFinal = Unknown, true
		case state != stateClose && state != stateCloseWait:
			fate, isFinal = Arrived, true
		case unacknowledged(int(fd)) == 0:
			fate, isFinal = Arrived, true
		default:
			fate, isFinal = Lost, state == stateClose
		}
	})
	if err != nil { // closed on this side
		return Unknown, true
	}
	return fate, isFinal
}

// tcpState returns the state of a TCP connection, the first byte of struct tcp_info.
func tcpState(fd int) (state byte, ok bool) {
	info, err := syscall.GetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_INFO)
	if err != nil {
		return 0, false
	}
	var b [4]byte
	binary.NativeEndian.PutUint32(b[:], uint32(info)) //nolint:gosec // four bytes of a struct
	return b[0], true
}

// unacknowledged returns the number of bytes that the peer has not acknowledged, even after it
// reset the connection. Package syscall has no function for this ioctl, SIOCOUTQ.
func unacknowledged(fd int) int32 {
	var n int32
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.TIOCOUTQ,
		uintptr(unsafe.Pointer(&n))) //nolint:gosec // the kernel writes an int
	if errno != 0 {
		return 0
	}
	return n
}
