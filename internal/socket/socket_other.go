//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd)

package socket

const canLook = false

// Peer returns Present. It is not available on this platform.
func (*Socket) Peer() Peer { return Present }

// Fate returns Unknown. It is not available on this platform.
func (*Socket) Fate() Fate { return Unknown }
