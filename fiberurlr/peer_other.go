//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd)

package fiberurlr

import "net"

// isClosedByPeer can't look at a connection here.
func isClosedByPeer(net.Conn) bool { return false }
