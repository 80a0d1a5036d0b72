// Package sqlurlr keeps in a SQL database what a [dedupe.Guard] knows, and commits it together with what
// your handler does: each click is recorded once, even if the process dies in the middle.
//
//	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
//	store := sqlurlr.New(db, sqlurlr.Postgres)
//	err = store.Create(ctx)
//	guard := dedupe.New(store)
//	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Deduplicate(guard), ginurlr.Handler(store.Handler(record)))
//
//	func record(ctx context.Context, tx *sql.Tx, click *core.Event) error {
//		_, err := tx.ExecContext(ctx, `INSERT INTO clicks (code, country) VALUES ($1, $2)`, click.Link.Code, click.Country)
//		return err
//	}
//
// It needs nothing but database/sql, so bring your own driver. sqlc, sqlx, GORM, ent and pgx's stdlib all
// work with a *sql.Tx. Only what the handler does in that transaction is done once.
//
// # What is counted once
//
// A process that dies before the commit has done nothing: the retry is handled. One that dies after the
// commit has done all: until the attempt's lease ends, its retry is told to come back (503 with
// Retry-After), and then it is skipped. An answer other than 2xx after the commit changes nothing about
// that: the click is recorded, and the retry is skipped. If the answer to the commit gets lost, the
// database is asked what became of it when the attempt ends.
//
// A handler that takes longer than its lease, see [dedupe.WithLease], is rolled back, since its retry may
// have been handled meanwhile. It is answered with 503, to be sent again. A handler goes on if the sender
// disconnects, unless it gives up with ctx.
//
// What remains is a process that dies after it has written an answer, and before it has noted that. The
// click is not counted twice, but if a twin comes later, it is taken for the retry: one twin is lost. The
// same holds for a delivery that is answered, or whose end can be noted, only after its lease. So choose a
// lease that is longer than your handlers and answers take, and longer than your database takes to restart.
//
// # Databases
//
// For Postgres, 12 or later, let the pool keep its connections: db.SetMaxIdleConns is 2 by default, and
// each delivery takes one several times. What the handler does is as durable as the setting
// synchronous_commit says. A store's own notes mostly commit asynchronously. A crash that forgets one
// costs nothing: without its beginning, an attempt can't commit, and what has ended ends once more a
// second later.
//
// For SQLite, 3.35 or later, open the database with a busy timeout and a write-ahead log, and let it have
// one connection, since SQLite has one writer at a time and others poll for their turn. With
// modernc.org/sqlite:
//
//	db, err := sql.Open("sqlite", "file:clicks.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
//	db.SetMaxOpenConns(1)
//
// With one connection, a handler must use nothing but its transaction, or it waits for itself. With several,
// a handler that reads before it writes needs a transaction that begins with the lock: _txlock=immediate.
//
// While the database is down, deliveries are answered with 503, and [dedupe.WithProcessOnStoreFailure]
// makes no difference to a [Store.Handler]. A step takes 5 seconds at most.
//
// # The table
//
// [Store.Create] creates it. Those who own their schema run the files in the folder migrations instead, in
// the order of their numbers; they say what the columns mean. There is one row for each attempt under way
// (in SQLite, only where others must know of it), for each credit, and for each attempt whose late steps
// must not count. An acknowledged delivery leaves none. What has expired is removed by the deliveries that
// follow, a few rows with each 64th or after a second.
package sqlurlr
