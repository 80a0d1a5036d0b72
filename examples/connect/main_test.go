package main

import (
	"net"
	"net/http"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
)

// Webhooks and calls in both protocols reach the same server.
func TestExample(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := newServer("", newApp(exampletest.Secret))
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	url := "http://" + listener.Addr().String()

	assert.Equal(t, http.StatusNoContent, exampletest.Send(t, url, exampletest.Secret, exampletest.Body).Status)
	assert.Equal(t, http.StatusUnauthorized, exampletest.Send(t, url, "forged", exampletest.Body).Status)
	assert.Equal(t, int64(1), count(t, url, http.DefaultTransport))
	assert.Equal(t, int64(1), count(t, url, http2Only(), connect.WithGRPC()))

	require.NoError(t, server.Close())
	assert.ErrorIs(t, <-served, http.ErrServerClosed)
}

func count(t *testing.T, url string, transport http.RoundTripper, options ...connect.ClientOption) int64 {
	t.Helper()
	client := connect.NewClient[wrapperspb.StringValue, wrapperspb.Int64Value](
		&http.Client{Transport: transport}, url+countProcedure, options...)
	response, err := client.CallUnary(t.Context(), connect.NewRequest(wrapperspb.String("yBPhx")))
	require.NoError(t, err)
	return response.Msg.GetValue()
}

func http2Only() *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Transport{Protocols: protocols}
}
