//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd)

package fiberurlr

import "net"

// Here nobody can look at a connection.

func isClosedByPeer(net.Conn) bool { return false }

func isReset(net.Conn) bool { return false }
