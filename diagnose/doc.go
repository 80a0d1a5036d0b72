// Package diagnose tells people at a terminal why the signature of a URLR webhook does not match.
//
// [Explain] takes the body, the value of the x-signature header and the secrets, and returns a
// [Report]: the verdict and, for a mismatch, the single [Cause] without which a [core.Verifier]
// would accept the signature. It never guesses: it undoes each possible cause, computes the MAC
// again, and reports a cause only if that MAC equals the signature. ([NoSecret], [NoSignature],
// [MalformedSignature] and [EmptyBody] need no proof.)
//
// If the body was changed twice in transit, or in a way that can't be undone, the cause is
// [Unknown]. Then [Report.Suspicion] says what the body is evidence of: another secret, something
// that re-encodes bodies, something that changes their content, or something that turns them into
// anything but JSON.
//
// # Never send a report in a response
//
// A report says how a signature must change to be accepted. Sent to whoever made the request, it
// would be an oracle for forgers. It is for the developer who owns the secret. It contains neither
// a secret nor a computed MAC, but [Report.Signed] is a body, with the personal data of a click,
// and [Report.Found] may quote a few bytes of one.
//
// # Cost
//
// An authentic body costs two verifications. A mismatch costs far more, another reason to keep
// Explain out of servers: on one core of an AMD EPYC, BenchmarkExplain takes 4 ms for a body URLR
// sends, up to 0.25 s for 64 KiB and up to 1.8 s for 1 MiB. The work is bounded. For a body over
// [MaxBodyBytes], a report contains only the verdict and the suspicion. If a body is large or
// deeply nested, or if there are many secrets, Explain does not try every cause, and the report
// says so.
package diagnose
