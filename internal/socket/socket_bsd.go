//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package socket

const canLook = true

// Peer looks at the other side. If this side is closed, it returns Reset. Behind unread data, such as
// the end of a TLS connection, it sees nothing.
func (s *Socket) Peer() (p Peer) {
	if err := s.raw.Control(func(fd uintptr) { p = peek(int(fd)) }); err != nil {
		return Reset
	}
	return p
}

// Fate returns Unknown: once the connection is reset, these systems do not tell how much of what was
// written had arrived.
func (*Socket) Fate() Fate { return Unknown }
