// Package dedupe counts every click once, although URLR sends deliveries more than once.
//
//	guard := dedupe.New(dedupe.NewMemory())
//	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Deduplicate(guard), ginurlr.Handler(record))
//
//	// When the server has shut down:
//	err := guard.Shutdown(ctx)
//
// The adapters for net/http, Gin, Echo and Fiber have a Deduplicate each. Processes that serve the
// same endpoint share what they know with package redisurlr, or sqlurlr, or with a [Store] of your own.
// Package sqlurlr also commits what it knows of a click together with what the handler does.
//
// # The problem
//
// URLR sends a delivery again until it is answered with a 2xx status, and gives deliveries no ID.
// Two genuine clicks in the same second, from the same city, system, browser and referer, have
// identical bodies and so the same signature: they are twins. Whoever remembers signatures loses
// twins; whoever remembers nothing counts a delivery twice if its answer was lost.
//
// # The rule
//
// URLR sends again only what was not acknowledged. So a body seen before is a retry only if an
// earlier delivery of it was processed and its answer may not have arrived. A [Guard] keeps exactly
// that, by [core.Event.Fingerprint]:
//
//   - A delivery that finds a credit is the retry of something already processed. It takes the
//     credit and is answered without being handled. If that answer may be lost too, the credit
//     comes back.
//   - Any other delivery is handled. If that fails, nothing is kept: URLR sends it again. If it
//     succeeds and the answer was delivered as far as anyone can tell, nothing is kept either.
//     If it succeeds and the answer may not have arrived, one credit is kept, for the time of
//     [WithRetention].
//   - While an attempt is under way whose sender is known to have disconnected, or which itself
//     skips a retry, another delivery of the same body is told to come back (503 with
//     Retry-After): it may be that attempt's retry. Beside any other attempt, it is a twin.
//
// An answer may not have arrived if the sender disconnected, or the request's context was done,
// before the answer was sent; if it could not be written; or if it took longer than
// [WithSenderTimeout]. The Deduplicate of each adapter says what its server can see, and
// [ConnContext] lets net/http, Gin and Echo see more. The cost grows with faults, not with traffic.
//
// # Faults
//
//   - The handler fails or panics, or the answer is not 2xx: nothing is kept, the delivery is
//     handled again.
//   - The answer is lost, and the server notices: the retry is skipped.
//   - The store is down when a delivery arrives: it is answered with 503 and comes again, or is
//     handled without de-duplication, see [WithProcessOnStoreFailure].
//   - The store is down when an attempt ends: the guard tries again in the background, for
//     [BookkeepingTime]. Once 1,024 such steps are outstanding, deliveries that arrive are
//     treated as if the store were still down.
//   - A step reaches the store late or twice, because a packet was delayed or the store's client
//     sent it again: it changes nothing that later steps have settled.
//   - The process is told to stop: [Guard.Shutdown] waits for the bookkeeping.
//   - The process dies during an attempt: the attempt ends with its lease, see [WithLease]. By
//     default its delivery is handled again, with [WithOrphansProcessed] it counts as processed.
//   - A handler takes longer than the lease: its delivery is handled again if it comes
//     meanwhile. Choose a longer lease.
//
// # Where to mount it
//
// Deduplicate takes a request's context at its word: whoever ends it makes the answer a lost one.
// So mount middleware that sets a deadline, such as Echo's ContextTimeout, after Deduplicate. Mount
// middleware that answers in the handler's place while the handler goes on, such as
// [net/http.TimeoutHandler], before it, or a delivery counts as failed whose handler is about to
// succeed. There its deadline is right, even if it passes while the attempt is being ended: the
// sender got 503, so the credit is needed.
//
// # Assumptions about the sender
//
// It sends a delivery again only if it got no 2xx answer, with the same body, signed with the same
// secret, and not before its connection is closed or answered. URLR documents the first; the others
// are how HTTP clients work. It documents no timeout and no number of retries: hence the retention
// of 72 hours.
//
// # What can't be told apart
//
// Nobody can tell the following apart. The figures are of clients and servers on one machine.
//
//   - An answer that crosses with a client that gives up, from one that it read. Of about 2,000
//     clients that gave up within 2 milliseconds around the end of a handler, net/http noticed
//     two thirds in time, and Fiber and net/http with [ConnContext] five sixths. Each of the
//     others counts twice if it is sent again. Of those that gave up earlier, all were noticed.
//   - An answer that a client acknowledged to this machine but never read, from one that it
//     read: one that counts twice for each. A proxy is such a client. So use one that closes its
//     connection to this server when its own client is gone: nginx does, HAProxy with option
//     abortonclose.
//   - A client that vanishes without closing its connection, from one that waits: one that
//     counts twice for each, unless [WithSenderTimeout] is shorter than the handler took.
//   - With [WithSenderTimeout], a client that waits longer for its answer, from one that gave
//     up: one twin is lost for each answer that a client got later than that.
//   - Without [ConnContext], and on other systems than Linux even with it: a client that has
//     shut down only its sending side and still reads, from one that disconnected. One twin is
//     lost for each.
//   - Without [ConnContext]: a BaseContext that is canceled when the server stops, from clients
//     that disconnect. One twin is lost for each request under way. With it, a client that
//     resets only its stream of HTTP/2 after that is not noticed.
//   - Behind middleware that compresses, or answers in the end what it buffered, an answer that
//     could not be written, from one that was: one that counts twice for each. Other answers are
//     flushed, which tells.
//   - A process that died before its effect, from one that died after it, before the
//     bookkeeping. Such a click may count twice, or not at all, depending on
//     [WithOrphansProcessed]. With the transactional handler of package sqlurlr, the database knows
//     which it was. There, only a process that died between its answer and the bookkeeping can't be
//     told from one that died before its answer: one twin is lost for each, if one comes.
//   - A retry from a twin, if it overtakes what the guard has to tell the store: because the
//     server has not noticed yet that the sender is gone, which takes milliseconds (with Fiber,
//     until the handler returns), or because the store was down. URLR's intervals are longer
//     than the former. If they are not longer than your database takes to restart, the few
//     deliveries that were under way then may count twice.
//   - A retry from a twin, if the sender signs the retry with another secret, because the secret
//     was changed in between: its fingerprint is another one. Each delivery whose answer was
//     lost before the change may count twice.
package dedupe
