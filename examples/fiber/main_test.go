package main

import (
	"testing"

	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
)

func TestExample(t *testing.T) {
	var recorded exampletest.Recorder
	app := newApp(exampletest.Secret, recorded.Record)
	exampletest.CheckServer(t, app.Listener, app.ShutdownWithTimeout, &recorded)
}
