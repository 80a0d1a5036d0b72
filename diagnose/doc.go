// Package diagnose tells people at a terminal why the signature of a webhook of URLR does not
// match.
//
// [Explain] takes the body, the value of the x-signature header and the secrets, and returns a
// [Report]: the verdict, and for a mismatch the single [Cause] without which a [core.Verifier]
// would accept the signature. A cause is never guessed: each one is undone, the MAC is computed
// again, and only what then equals the signature is reported. What was changed twice on its way, or
// in a way that can't be undone, is [Unknown].
//
// # Never answer a request with it
//
// A report says how a signature has to change to be accepted. Sent to whoever made a request, it
// would be an oracle for forgers. It is for the developer who owns the secret. It holds neither a
// secret nor a computed MAC, but [Report.Signed] is a body, with the personal data that a click
// has.
//
// # Cost
//
// An authentic body costs two verifications. A mismatch costs several hundred MACs: about a
// millisecond for the bodies that URLR sends, a tenth of a second for 64 KiB, a second or two at
// most. The work is bounded: a body over [MaxBodyBytes] gets the verdict alone, of a large one, or
// with many secrets, not everything is tried, and the report says so. That is much more than a
// verification, and one more reason to keep it out of a server.
package diagnose
