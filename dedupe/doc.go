// Package dedupe counts each click once, although URLR may deliver it more than once.
//
//	guard := dedupe.New(dedupe.NewMemory())
//	r.POST("/webhooks/urlr",
//		ginurlr.Verify(secret), ginurlr.Deduplicate(guard), ginurlr.Handler(record))
//
//	// After the server has shut down:
//	err := guard.Shutdown(ctx)
//
// Every adapter has a Deduplicate; mount it after Verify. [NewMemory] is for a single process.
// Processes that serve the same endpoint share a store: package redisurlr, package sqlurlr, which
// can commit a click and its handler's effect in one transaction, or a [Store] of your own. With
// net/http, Gin and Echo, [ConnContext] lets the guard notice more disconnects.
//
// # Options
//
//   - [WithRetention]: how long to recognize retries; default 72 hours.
//   - [WithLease]: longer than the handler ever takes; default one minute.
//   - [WithSenderTimeout]: the sender's timeout, if you know it.
//   - [WithOrphansProcessed]: if the process dies, rather lose a click than count it twice.
//   - [WithProcessOnStoreFailure]: handle deliveries while the store is down.
//   - [WithOncePerBody]: handle each body only once, dropping twins.
//   - [WithObserver]: log and count what the guard does.
//
// # How it works
//
// URLR retries a delivery until it gets a 2xx response, and gives deliveries no ID. Two genuine
// clicks in the same second, from the same city, system, browser and referer, have identical bodies
// and signatures: they are twins. Remembering signatures drops twins; remembering nothing counts a
// delivery twice if its response was lost.
//
// But URLR retries only what was not acknowledged. So a body seen before is a retry only if an
// earlier delivery of it was processed and its response may be lost. For each such delivery a
// [Guard] keeps a credit, by [core.Event.Fingerprint], and nothing for others:
//
//   - A delivery that finds a credit is a retry. It uses up the credit and is acknowledged without
//     being handled. If that response may be lost too, it leaves a new credit.
//   - Any other delivery is handled. It leaves a credit, for [WithRetention], only if it succeeds
//     and its response may be lost. If it fails, URLR retries it.
//   - While an attempt is in progress whose sender disconnected, or which itself skips a retry,
//     another delivery of the same body may be its retry. It is deferred: it gets a 503 response
//     with Retry-After. During any other attempt, it is a twin.
//
// A response may be lost if the sender disconnected, or the request's context was done, before it
// was sent; if it could not be written; or if it took longer than [WithSenderTimeout]. Each
// adapter's Deduplicate documents what its server can see. The cost grows with faults, not with
// traffic.
//
// # Faults
//
//   - The store is down when a delivery arrives: the response is 503, or the delivery is handled
//     without deduplication, see [WithProcessOnStoreFailure].
//   - The store is down when an attempt ends: the guard retries the store call in the background,
//     for [BookkeepingTime]. With 1,024 calls pending, it treats the store as down.
//   - The process shuts down: [Guard.Shutdown] waits for pending store calls.
//   - The process dies during an attempt: the delivery is handled again. With
//     [WithOrphansProcessed], it counts as processed once the lease ends.
//
// # Middleware order
//
// If the request's context is canceled, Deduplicate treats the response as lost. Mount middleware
// that sets a deadline, such as Echo's ContextTimeout, after Deduplicate. Mount middleware that
// responds while the handler keeps running, such as [net/http.TimeoutHandler], before it: otherwise
// the delivery counts as failed although its handler may still succeed.
//
// Mount Deduplicate only once on the way to a handler, for a group or for its route. Two would keep
// two credits for a lost response: the retry uses up one, and the other drops a twin.
//
// # Limits
//
// No server sees everything. A click can count twice if the client gives up just as the response
// arrives, or vanishes without closing its connection, and if the process dies between a handler's
// effect and the end of the attempt. A twin can be dropped if the client shut down only its sending
// side. docs/dedupe.md lists all cases, with measurements and the assumptions about the sender.
package dedupe
