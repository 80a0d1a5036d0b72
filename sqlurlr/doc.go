// Package sqlurlr stores the state of a [dedupe.Guard] in a SQL database and commits it together
// with what your handler does, so that each click is recorded once even if the process dies in the
// middle.
//
//	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
//	store := sqlurlr.New(db, sqlurlr.Postgres)
//	err = store.Create(ctx)
//	guard := dedupe.New(store)
//	handle := ginurlr.Handler(store.Handler(record))
//	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Deduplicate(guard), handle)
//
//	func record(ctx context.Context, tx *sql.Tx, click *core.Event) error {
//		_, err := tx.ExecContext(ctx, `INSERT INTO clicks (code, country) VALUES ($1, $2)`,
//			click.Link.Code, click.Country)
//		return err
//	}
//
// The package needs only database/sql; bring your own driver. sqlc, sqlx, GORM, ent and pgx's
// stdlib all work with a *sql.Tx. Only what the handler does in that transaction happens once.
//
// # What counts once
//
// If the process dies before the commit, nothing has happened: the retry is handled. If it dies
// after the commit, everything has happened: the retry is deferred (503 with Retry-After) until the
// attempt's lease ends, and then skipped. A response other than 2xx after the commit changes
// nothing: the click is recorded and the retry is skipped. Between the commit and the end of the
// attempt, other deliveries of the same body are deferred. If the response to the commit itself is
// lost, the store asks the database what became of it when the attempt ends.
//
// If a handler takes longer than its lease, see [dedupe.WithLease], its transaction is rolled back,
// because the retry may have been handled meanwhile. The delivery gets a 503 response, so that URLR
// retries it. The transaction is also rolled back if middleware between Deduplicate and the handler,
// such as http.TimeoutHandler, responds while the handler is running. A handler keeps running when
// the sender disconnects, unless it stops with ctx.
//
// One case remains: a process that dies after it has sent a response and before it has recorded
// that. The click still counts once, but a later twin is mistaken for the retry and dropped. The
// same happens if the response, or the end of the attempt, comes only after the lease. So choose a
// lease longer than your handlers and responses take, and longer than your database takes to
// restart.
//
// # Databases
//
// For Postgres 12 or later, let the pool keep its connections: db.SetMaxIdleConns defaults to 2,
// and each delivery takes a connection several times. The handler's effect is as durable as
// synchronous_commit makes it. The store's own writes mostly commit asynchronously. A crash that
// forgets one of them does no harm: an attempt whose beginning is forgotten can't commit, and an
// attempt that ended is ended again a second later.
//
// For SQLite 3.35 or later, open the database with a busy timeout and a write-ahead log, and limit
// it to one connection, because SQLite has one writer at a time and the others poll for their turn.
// With modernc.org/sqlite:
//
//	db, err := sql.Open("sqlite", "file:clicks.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
//	db.SetMaxOpenConns(1)
//
// With one connection, a handler must use only its transaction, or it waits for itself. With
// several, a handler that reads before it writes needs a transaction that takes the lock when it
// begins: _txlock=immediate.
//
// While the database is down, deliveries get a 503 response, and [dedupe.WithProcessOnStoreFailure]
// makes no difference to a [Store.Handler]. A statement takes at most 5 seconds.
//
// # The table
//
// [Store.Create] creates it. If you manage the schema yourself, run the files in the folder
// migrations in numerical order instead; they document the columns. There is one row for each
// attempt in progress (in SQLite, only if it matters to other deliveries), for each credit, and for
// each closed attempt. An acknowledged delivery leaves no row. Later deliveries delete what has
// expired, a few rows at each 64th delivery or after a second.
package sqlurlr
