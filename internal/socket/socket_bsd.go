//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package socket

const canLook = true

// Peer returns the state of the other side, or Reset if this side is closed. Unread data, such as
// the end of a TLS connection, hides that the peer has closed its side.
func (s *Socket) Peer() (p Peer) {
	if err := s.raw.Control(func(fd uintptr) { p = peek(int(fd)) }); err != nil {
		return Reset
	}
	return p
}

// Fate returns Unknown: once a connection is reset, these systems don't report how much data
// arrived.
func (*Socket) Fate() Fate { return Unknown }
