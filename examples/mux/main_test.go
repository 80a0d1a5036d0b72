package main

import (
	"testing"

	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
)

func TestExample(t *testing.T) {
	var recorded exampletest.Recorder
	exampletest.CheckHandler(t, newApp(exampletest.Secret, recorded.Record), &recorded)
}
