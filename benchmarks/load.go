package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// connections is the number of concurrent deliveries.
const connections = 8

// A load sends deliveries over keep-alive connections.
type load []*connection

func newLoad(addr string) (load, error) {
	var l load
	for i := range connections {
		c, err := dial(addr, i)
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		l = append(l, c)
	}
	return l, nil
}

// send sends a number of deliveries.
func (l load) send(deliveries int) error {
	errs := make(chan error)
	for i, c := range l {
		share := (deliveries + i) / len(l)
		go func() { errs <- c.send(share) }()
	}
	var all error
	for range l {
		all = errors.Join(all, <-errs)
	}
	return all
}

func (l load) close() error {
	var all error
	for _, c := range l {
		all = errors.Join(all, c.Close())
	}
	return all
}

// A connection sends deliveries of its own click, one after another.
type connection struct {
	net.Conn
	responses *bufio.Reader
	request   []byte
}

func dial(addr string, click int) (*connection, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &connection{conn, bufio.NewReader(conn), delivery(addr, click)}, nil
}

// delivery returns a request as URLR sends it.
func delivery(addr string, click int) []byte {
	b := bytes.Replace(body, []byte("1780000000"), strconv.AppendInt(nil, 1780000000+int64(click), 10), 1)
	header := []string{
		"POST " + path + " HTTP/1.1",
		"Host: " + addr,
		"User-Agent: URLR",
		"Content-Type: application/json",
		core.SignatureHeader + ": " + core.Sign(secret, b),
		fmt.Sprintf("Content-Length: %d", len(b)),
	}
	return append([]byte(strings.Join(header, "\r\n")+"\r\n\r\n"), b...)
}

func (c *connection) send(deliveries int) error {
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	for range deliveries {
		if _, err := c.Write(c.request); err != nil {
			return err
		}
		if err := c.readResponse(); err != nil {
			return err
		}
	}
	return nil
}

// readResponse reads a 204 response, which has no body. An http.Client would take CPU time from the
// server.
func (c *connection) readResponse() error {
	status, err := c.responses.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 204 ")) {
		return fmt.Errorf("got %q, want 204", strings.TrimSpace(string(status)))
	}
	for line := status; len(line) > len("\r\n"); {
		if line, err = c.responses.ReadSlice('\n'); err != nil {
			return err
		}
	}
	return nil
}
