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
// An authentic body costs two verifications. A mismatch costs about a thousand MACs: two
// milliseconds for the bodies that URLR sends, a fifth of a second for 64 KiB, a second or two at
// most. The work is bounded: a body over [MaxBodyBytes] gets the verdict and the suspicion alone; of
// a large or deeply nested one, or with many secrets, not everything is tried, and the report says
// so. That is much more than a verification, and one more reason to keep it out of a server.
package diagnose
