package core

import (
	"crypto/subtle"
	"encoding/hex"
	"time"
)

// An EventType is the value of a body's "event".
type EventType string

// EventLinkClicked is the type of the one event that URLR documents: somebody followed a short link.
const EventLinkClicked EventType = "link_clicked"

// An Event is an authentic webhook event. The fields are those of all documented generations of the body (since 2023-10,
// 2024-10, 2026-01 and 2026-05); a field that a body does not have keeps its zero value.
//
// An Event owns its memory: nothing in it points into the request that it came with, so it can be kept, sent to other
// goroutines, and read concurrently.
type Event struct {
	Type EventType
	Link Link

	// IsQRCode tells whether the click came from the link's QR code. Since 2026-01; nil before.
	IsQRCode *bool
	// IsUnique tells whether URLR counts the click as a unique one. Since 2026-01; nil before.
	IsUnique *bool
	// IsBot tells whether URLR takes the visitor for a bot. Until 2025-12; nil since.
	IsBot *bool

	Country string // "" where URLR sends null or the string "null"
	Region  string // "" where URLR sends null
	City    string // "" where URLR sends null
	System  string // operating system; "" where URLR sends null
	Browser string // "" where URLR sends null
	Referer string // "" where URLR sends null

	// Timestamp is when the click happened, in UTC, with a precision of one second. Zero if the body
	// has none, or one that is no number of seconds in the years 0 to 9999.
	Timestamp time.Time

	raw         []byte
	form        Form
	fingerprint string
	drift       []string
	flags       [3]bool // what IsQRCode, IsUnique and IsBot point to: one allocation less for each
}

// A Link is the short link that an event is about.
type Link struct {
	ID          string // UUID; since 2024-10
	Code        string // the path of the short URL
	Label       string // since 2026-01
	WorkspaceID string // UUID; "workspace_id" since 2026-05, "team_id" from 2024-10
	FolderID    string // UUID; since 2024-10
	Team        int64  // until 2025-12
	Folder      int64  // until 2025-12
}

// Raw returns the authenticated bytes that the event was decoded from. With [FormPHP] and [FormJS] they are not the bytes
// received, but the form of them whose MAC matched. The caller must not modify them.
func (e *Event) Raw() []byte { return e.raw }

// Form returns the form of the body whose MAC matched.
func (e *Event) Form() Form { return e.form }

const fingerprintLen = 32

// appendFingerprint appends the digits of the folded signature. Half of its bits are gone, so whoever reads a log or a database of
// fingerprints can't send the delivery again.
func appendFingerprint(b []byte, signature mac) []byte {
	var folded [fingerprintLen / 2]byte
	subtle.XORBytes(folded[:], signature[:len(folded)], signature[len(folded):])
	return hex.AppendEncode(b, folded[:])
}

// Fingerprint returns 32 hexadecimal digits that are equal for a delivery and its retries. They are derived from the
// signature, but do not reveal it.
//
// Two clicks in the same second whose bodies do not differ have the same fingerprint: it alone can't tell a retry from
// a second click.
//
// It is empty for an event that no [Verifier] returned.
func (e *Event) Fingerprint() string { return e.fingerprint }

// Drift returns the names of the fields whose value was not of the documented type or range, such as
// "link.team", in the order of the body. Such a field keeps its zero value; [Event.Raw] has what was
// sent. It also names each field that contains a lone surrogate, known or not; U+FFFD replaces the
// surrogate. Drift is nil for a body as documented, and has at most 64 names.
func (e *Event) Drift() []string { return e.drift }
