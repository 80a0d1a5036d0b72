package page

import (
	"context"
	"net/http"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

type Config struct {
	Store   *store.Store
	Secrets []string
	Target  string
	Hosts   []string
	Token   string
	Replay  func(ctx context.Context, id int64, url string) (store.Answer, error)
	Now     func() time.Time
}

func New(cfg Config) http.Handler { return http.NotFoundHandler() }
