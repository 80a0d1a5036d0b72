package main

import (
	"context"
	"fmt"
	"net/http"
)

// drain lets a server answer the deliveries that are under way until ctx is done, and says how many are not answered then.
func drain(ctx context.Context, server *http.Server, underWay func() int) error {
	err := server.Shutdown(ctx)
	if err == nil || ctx.Err() == nil {
		return err
	}
	if n := underWay(); n > 0 {
		return verdict(fmt.Sprintf("deliveries left unanswered: %d. None is lost: URLR sends them again", n))
	}
	return nil // what else is open never became a delivery
}
