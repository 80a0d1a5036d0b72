package main

import (
	"fmt"
	"io"

	"github.com/urlr-community/webhooks-go/diagnose"
)

func printReport(w io.Writer, _ []byte, r diagnose.Report) { fmt.Fprint(w, r) }
