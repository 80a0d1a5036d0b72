// Receivers with an adapter each, which urlrhook check is tried on. The test builds them in the
// modules of the adapters.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

var secret = os.Getenv("URLR_WEBHOOK_SECRET")

var clicks atomic.Int64

// count takes as long as a database.
func count(context.Context, *core.Event) error {
	time.Sleep(20 * time.Millisecond)
	clicks.Add(1)
	return nil
}

// listen returns where to serve the receiver, and prints its URL and that of the count.
func listen() net.Listener {
	receiver, counter := free(), free()
	go func() {
		log.Fatal(http.Serve(counter, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"clicks":%d}`, clicks.Load())
		})))
	}()
	fmt.Printf("http://%s/webhooks/urlr http://%s/\n", receiver.Addr(), counter.Addr())
	return receiver
}

func free() net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	return l
}
