//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd)

package socket

const canLook = false

// PeerClosed returns false: nobody can look here.
func (*Socket) PeerClosed() bool { return false }

// Fate returns Unknown: nobody can look here.
func (*Socket) Fate() Fate { return Unknown }
