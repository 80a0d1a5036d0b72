package main

import (
	"bytes"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// A holding is a proxy that holds back the reply to the first command of a kind.
type holding struct {
	addr    string
	command chan struct{} // closed when the command is on its way
	release chan struct{} // close it to let the reply through
}

func startHolding(t *testing.T, server, command string) *holding {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	h := &holding{addr: listener.Addr().String(), command: make(chan struct{}), release: make(chan struct{})}
	var first sync.Once
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go h.serve(client, server, []byte(command), &first)
		}
	}()
	return h
}

func (h *holding) serve(client net.Conn, server string, command []byte, first *sync.Once) {
	defer client.Close()
	upstream, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	replies := make(chan (<-chan struct{}), 1) // of what the next reply waits for
	go func() {
		defer upstream.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := client.Read(buffer)
			if err != nil {
				return
			}
			if bytes.Contains(buffer[:n], command) {
				first.Do(func() { replies <- h.release })
			}
			if _, err := upstream.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := upstream.Read(buffer)
		select {
		case released := <-replies:
			close(h.command)
			<-released
		default:
		}
		if _, writeErr := client.Write(buffer[:n]); err != nil || writeErr != nil {
			return
		}
	}
}
