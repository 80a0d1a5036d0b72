// Package dedupe counts every click once, although URLR sends deliveries more than once.
//
//	guard := dedupe.New(dedupe.NewMemory())
//	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Deduplicate(guard), ginurlr.Handler(record))
//
// The adapters for net/http, Gin, Echo and Fiber have a Deduplicate each. Processes that serve the same endpoint share what they know with
// package redisurlr, or with a [Store] of your own.
//
// # The problem
//
// URLR sends a delivery again until it is answered with a 2xx status, and gives deliveries no id. Two genuine clicks in the same
// second, from the same city, system, browser and referer, have identical bodies and so the same signature: they are twins.
// Whoever remembers signatures loses twins; whoever remembers nothing counts twice a delivery whose answer got lost.
//
// # The rule
//
// URLR sends again only what was not acknowledged. So a body seen before is a retry only if an earlier delivery of it was processed
// and its answer may not have arrived. A [Guard] keeps exactly that, by [core.Event.Fingerprint]:
//
//   - A delivery that finds a credit is the retry of something already processed. It takes the credit and is answered without
//     being handled. If that answer may be lost too, the credit comes back.
//   - Any other delivery is handled. If that fails, nothing is kept: URLR sends it again. If it succeeds and the answer was
//     delivered as far as anyone can see, nothing is kept either. If it succeeds and the answer may not have arrived, one credit is
//     kept, for the time of [WithRetention].
//   - While an attempt is under way whose sender is known to have gone away, another delivery of the same body is told to come
//     back (503 with Retry-After): it may be that attempt's retry. While the sender is still there, another one is a twin.
//
// An answer may not have arrived if the connection was seen closed, or the request's context done, before it was written; if it
// could not be written; or if it took longer than [WithSenderTimeout]. What each server can see is said by the Deduplicate of its
// adapter. The cost grows with faults, not with traffic.
//
// # Faults
//
//   - The handler fails or panics, or the answer is not 2xx: nothing is kept, the delivery is handled again.
//   - The answer gets lost, and the server notices: the retry is skipped.
//   - The store is down when a delivery arrives: it is answered with 503 and comes again, or is handled without de-duplication, see
//     [WithProcessOnStoreFailure].
//   - The store is down when an attempt ends: the guard tries again in the background, for [BookkeepingTime]. Once 1,024
//     such steps are outstanding, deliveries that arrive are treated as if the store were still down.
//   - The process dies during an attempt: the attempt ends with its lease, see [WithLease]. By default its delivery is handled again, with
//     [WithOrphansProcessed] it is taken as processed.
//   - A handler takes longer than the lease: its delivery is handled again if it comes meanwhile. Choose a longer lease.
//
// # Where to mount it
//
// Deduplicate believes the context of its request: whoever ends that makes the answer a lost one. So middleware that sets a deadline, such as
// Echo's ContextTimeout, belongs behind Deduplicate. Middleware that answers in the handler's place while the handler goes on, such as
// [net/http.TimeoutHandler], belongs before it, or a delivery counts as failed whose handler is about to succeed. There its deadline is right:
// the sender got 503, so the credit is needed.
//
// # Assumptions about the sender
//
// It sends a delivery again only if it got no 2xx answer, with the same body, and not before its connection is closed or answered. URLR
// documents the first; the others are how HTTP clients work. It documents no time-out and no number of retries: hence the retention
// of 72 hours.
//
// # What can't be told apart
//
//   - Whether a process died before or after its effect, if it died between the effect and the bookkeeping. Such a click may count twice, or
//     not at all, depending on [WithOrphansProcessed].
//   - An answer that was written and got lost beyond this machine, on its way through a proxy for instance, from a delivered one: its
//     retry counts twice. Use few proxies, and such as close their connection to this server when their client is gone.
//   - An answer that was written before the client hung up without reading it, from one that it read. A handler that takes
//     microseconds can be that fast. (A skipped delivery is answered after 10 milliseconds, for this reason.)
//   - A retry from a twin, if it overtakes what the guard has to tell the store: because the server has not noticed yet that the sender is
//     gone, which takes milliseconds, or because the store was down. URLR's intervals are longer than the former. If they are not longer than
//     your database takes to restart, the few deliveries that were under way then may count twice.
package dedupe
