package sqlurlr_test

import (
	"context"
	"database/sql"
	"log"
	"net/http"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

// A click and the record that it was handled are committed together.
func ExampleStore_Handler() {
	db, err := sql.Open("pgx", "postgres://localhost/clicks")
	if err != nil {
		log.Fatal(err)
	}
	store := sqlurlr.New(db, sqlurlr.Postgres)
	if err := store.Create(context.Background()); err != nil {
		log.Fatal(err)
	}

	record := func(ctx context.Context, tx *sql.Tx, click *core.Event) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO clicks (code, country) VALUES ($1, $2)`, click.Link.Code, click.Country)
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr",
		nethttpurlr.Verify("secret")(nethttpurlr.Deduplicate(dedupe.New(store))(nethttpurlr.Handler(store.Handler(record)))))
}
