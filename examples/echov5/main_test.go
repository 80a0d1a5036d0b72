package main

import (
	"net/http/httptest"
	"testing"

	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
)

func TestExample(t *testing.T) {
	var recorded exampletest.Recorder
	server := httptest.NewServer(newApp(exampletest.Secret, recorded.Record))
	defer server.Close()
	exampletest.Check(t, server.URL, &recorded)
}
