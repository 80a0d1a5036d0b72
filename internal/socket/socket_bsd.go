//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package socket

const canLook = true

// PeerClosed reports whether the peer has closed its side of the connection, or reset it. A peer
// that only shut down its sending side looks the same, and behind unread data, such as the end of a
// TLS connection, nothing can be seen.
func (s *Socket) PeerClosed() (closed bool) {
	err := s.raw.Control(func(fd uintptr) { closed = hasEnded(int(fd)) })
	return closed || err != nil
}

// Fate returns Unknown: once the connection is reset, these systems do not tell how much of what was
// written had arrived.
func (*Socket) Fate() Fate { return Unknown }
