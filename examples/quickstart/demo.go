package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// sendDemo sends a few deliveries as URLR does, and one as a forger would.
func sendDemo(ctx context.Context, out io.Writer, endpoint, secret string) error {
	fmt.Fprintln(out, "Demo: three deliveries signed like URLR's, and a forged one.")
	for _, d := range []struct {
		secret     string
		event      *core.Event
		generation urlrtest.Generation
	}{
		{secret, click("summer"), urlrtest.Latest},
		{secret, qrScan("poster"), urlrtest.Latest},
		{secret, clickByBot("yBPhx"), urlrtest.Generation2023_10},
		{"a forger's guess", click("forged"), urlrtest.Latest},
	} {
		r := urlrtest.NewRequest(endpoint, d.secret, d.event, urlrtest.InGeneration(d.generation))
		if err := send(r.WithContext(ctx)); err != nil {
			return err
		}
	}
	return nil
}

func click(code string) *core.Event {
	e := urlrtest.NewEvent()
	e.Link.Code = code
	return e
}

func qrScan(code string) *core.Event {
	e := click(code)
	*e.IsQRCode, *e.IsUnique = true, false
	e.Country, e.Region, e.City, e.System, e.Browser, e.Referer = "DE", "", "", "Android", "Chrome", ""
	return e
}

func clickByBot(code string) *core.Event {
	e := click(code)
	*e.IsBot = true
	e.Country, e.Region, e.City, e.System, e.Browser, e.Referer = "", "", "", "", "", ""
	return e
}

// send sends a delivery. The receiver prints the outcome.
func send(r *http.Request) error {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	return response.Body.Close()
}
