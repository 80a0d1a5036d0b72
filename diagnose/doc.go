// Package diagnose tells people at a terminal why the signature of a URLR webhook does not match.
//
// [Explain] takes the body, the value of the x-signature header and the secrets, and returns a
// [Report]: the verdict, and for a mismatch the single [Cause] without which a [core.Verifier]
// would accept the signature. It never guesses a cause: it undoes each one, computes the MAC again,
// and reports only what then equals the signature. ([NoSecret], [NoSignature], [MalformedSignature]
// and [EmptyBody] need no proof.)
//
// What was changed twice on its way, or in a way that can't be undone, is [Unknown]. Then
// [Report.Suspicion] grades what the body shows: whether to look for another secret, for something
// that re-encodes or changes bodies, or for what makes them something else than JSON.
//
// # Never answer a request with it
//
// A report says how a signature has to change to be accepted. Sent to whoever made a request, it
// would be an oracle for forgers. It is for the developer who owns the secret. It holds neither a
// secret nor a computed MAC, but [Report.Signed] is a body, with the personal data that a click
// has, and [Report.Found] may quote a few bytes of one.
//
// # Cost
//
// An authentic body costs two verifications. A mismatch costs far more, which is one more reason to
// keep Explain out of a server: on one core of an AMD EPYC, BenchmarkExplain takes 4 ms for a body
// URLR sends, up to 0.25 s for 64 KiB and up to 1.8 s for 1 MiB. The work is bounded. A body over
// [MaxBodyBytes] gets the verdict and the suspicion alone. If a body is large or deeply nested, or
// there are many secrets, Explain does not try everything, and the report says so.
package diagnose
