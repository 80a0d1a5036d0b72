// Package dedupe counts every click once, although URLR sends deliveries more than once.
//
// # The problem
//
// URLR sends a delivery again until it is answered with a 2xx status, and gives deliveries no id. Two genuine clicks in the same
// second, from the same city, system, browser and referer, have identical bodies and so the same signature: they are twins.
// Whoever remembers signatures loses twins; whoever remembers nothing counts a delivery twice whose answer got lost.
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
// # What can't be told apart
//
// A process that dies in the middle leaves an attempt that ends with its lease, see [WithLease]. Nobody can know whether it died
// before or after its effect: by default the delivery is processed again, with [WithOrphansProcessed] it is taken as processed. An
// answer that was written and got lost behind this machine, on its way through a proxy for instance, looks like a delivered one:
// its retry counts twice. So does a retry that comes before the server has noticed that its sender was gone: it looks like a twin. (That
// takes a server milliseconds, and URLR's intervals are longer.) Let proxies be few, and let them close their side when the sender is gone.
package dedupe
