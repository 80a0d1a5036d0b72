package main

import (
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
)

func TestExample(t *testing.T) {
	gin.SetMode(gin.TestMode)
	var recorded exampletest.Recorder
	exampletest.CheckHandler(t, newApp(exampletest.Secret, recorded.Record), &recorded)
}
