package dedupe

import (
	"context"
	"errors"
	"net"

	"github.com/urlr-community/webhooks-go/internal/socket"
)

type connectionKey struct{}

// A connection lets a Guard inspect the connection of a request.
type connection struct {
	*socket.Socket
	server context.Context //nolint:containedctx // done when the server stops, not when the client disconnects
}

// ConnContext lets a [Guard] inspect the sockets of a server's connections. It is optional, and
// works with net/http and frameworks built on it, such as Gin and Echo:
//
//	server := &http.Server{Handler: handler, ConnContext: dedupe.ConnContext}
//
// With it, a Guard does not depend on how soon net/http notices a disconnect, and does not mistake
// a canceled BaseContext for one. On Linux, it also recognizes a client that shut down only its
// sending side and still reads the response. It has no effect on connections without a socket, or
// on platforms where sockets cannot be inspected.
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

func (c *connection) isDisconnected() bool { return c.Peer() != socket.Present }

// isStopping reports whether a request's context may be canceled because the server is stopping.
func (c *connection) isStopping(ctx context.Context) bool {
	return c.server.Err() != nil && errors.Is(ctx.Err(), context.Canceled)
}
