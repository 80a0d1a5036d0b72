package sqlurlr_test

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

const (
	secret      = "secret"
	receiverEnv = "SQLURLR_TEST_RECEIVER" // the data source; the next two are the driver and the dialect
	driverEnv   = "SQLURLR_TEST_DRIVER"
	dialectEnv  = "SQLURLR_TEST_DIALECT"
	dieHeader   = "X-Die" // the point at which the receiver of this delivery dies

	receiverLease = time.Second
	receiverName  = "receiver" // of its sessions in Postgres
)

// The points at which a receiver dies.
const (
	beforeEffect = "before the effect"
	beforeCommit = "between effect and commit"
	afterCommit  = "after the commit"
	afterAnswer  = "after the answer"
)

const insertClick = `INSERT INTO clicks (code, country, city, at) VALUES ($1, $2, $3, $4)`

// An executor is a database or a transaction.
type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func insert(ctx context.Context, db executor, e *core.Event) error {
	_, err := db.ExecContext(ctx, insertClick, e.Link.Code, e.Country, e.City, e.Timestamp.Unix())
	return err
}

func record(ctx context.Context, tx *sql.Tx, e *core.Event) error { return insert(ctx, tx, e) }

// receive prints the address of an endpoint that dies when told to, and serves it.
func receive() {
	dialect, _ := strconv.Atoi(os.Getenv(dialectEnv)) // newReceiver panics on a bad one
	d := database{driver: os.Getenv(driverEnv), source: os.Getenv(receiverEnv), dialect: sqlurlr.Dialect(dialect)}
	db, err := d.connect()
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	panic((&http.Server{Handler: newMortal(db, d.dialect), ReadHeaderTimeout: time.Minute}).Serve(listener))
}

type dieKey struct{}

// dieIf ends the process as a crash would, if this is the point for the delivery of ctx.
func dieIf(ctx context.Context, point string) {
	if at, _ := ctx.Value(dieKey{}).(string); at == point {
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
		}
		select {}
	}
}

func newMortal(db *sql.DB, d sqlurlr.Dialect) http.Handler {
	store := sqlurlr.New(db, d)
	guard := dedupe.New(store, dedupe.WithLease(receiverLease), dedupe.WithObserver(
		func(ctx context.Context, o dedupe.Observation) {
			if o.What == dedupe.Processed { // the response has been sent, and the attempt is about to end
				dieIf(ctx, afterAnswer)
			}
		}))
	recorded := store.Handler(func(ctx context.Context, tx *sql.Tx, e *core.Event) error {
		dieIf(ctx, beforeEffect)
		err := insert(ctx, tx, e)
		dieIf(ctx, beforeCommit)
		return err
	})
	handler := nethttpurlr.Handler(func(ctx context.Context, e *core.Event) error {
		err := recorded(ctx, e)
		dieIf(ctx, afterCommit)
		return err
	})
	endpoint := nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(handler))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		endpoint.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), dieKey{}, r.Header.Get(dieHeader))))
	})
}
