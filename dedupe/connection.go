package dedupe

import (
	"context"
	"errors"
	"net"

	"github.com/urlr-community/webhooks-go/internal/socket"
)

type connectionKey struct{}

// A connection is what a Guard knows of a request's connection.
type connection struct {
	*socket.Socket
	server context.Context //nolint:containedctx // it is done when the server stops, not when the client leaves
}

// ConnContext lets a [Guard] look at the sockets of a server's connections. It is optional, for
// net/http and what is built on it, such as Gin and Echo:
//
//	server := &http.Server{Handler: handler, ConnContext: dedupe.ConnContext}
//
// With it, a Guard does not depend on how soon net/http notices that a client has disconnected, and
// does not take a canceled BaseContext for a client that disconnected. On Linux, it also recognizes
// a client that has only shut down its sending side and reads the answer. A connection without a
// socket, or on a platform where sockets can't be looked at, stays as it is.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	s := socket.Of(c)
	if s == nil {
		return ctx
	}
	return context.WithValue(ctx, connectionKey{}, &connection{s, ctx})
}

func connectionOf(ctx context.Context) *connection {
	c, _ := ctx.Value(connectionKey{}).(*connection)
	return c
}

func (c *connection) isClosed() bool { return c.Peer() != socket.Present }

// isStopping reports whether the context of a request may be canceled because the server stops.
func (c *connection) isStopping(ctx context.Context) bool {
	return c.server.Err() != nil && errors.Is(ctx.Err(), context.Canceled)
}
