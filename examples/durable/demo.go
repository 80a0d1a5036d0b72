package main

import (
	"context"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// sendDemo sends clicks as URLR does, until ctx is done.
func sendDemo(ctx context.Context, endpoint, secret string) {
	sender := urlrtest.Sender{
		URL: endpoint, Secret: secret, Rate: 5, Concurrency: 10,
		Faults: urlrtest.Faults{Twin: 0.2, LoseAnswer: 0.1},
	}
	clicks := func(yield func(*core.Event) bool) {
		for i := 0; ; i++ {
			e := urlrtest.NewEvent()
			e.Link.Code = []string{"yBPhx", "summer", "poster"}[i%3]
			if !yield(e) {
				return
			}
		}
	}
	sender.SendEach(ctx, clicks, func(urlrtest.Delivery) {})
}
