package core

import (
	"crypto/subtle"
	"encoding/hex"
	"time"
)

// An EventType is the value of the "event" member of a body.
type EventType string

// EventLinkClicked means that someone followed a short link. It is the only type that URLR
// documents.
const EventLinkClicked EventType = "link_clicked"

// An Event is an authentic webhook event. It has the fields of all documented generations of the
// body (since 2023-10, 2024-10, 2026-01 and 2026-05). A field that the body lacks keeps its zero
// value.
//
// An Event owns its memory, so it can outlive the request. It is safe for concurrent reads.
type Event struct {
	Type EventType
	Link Link

	// IsQRCode reports whether the click came from the link's QR code. Since 2026-01; nil before.
	IsQRCode *bool
	// IsUnique reports whether URLR counts the click as unique. Since 2026-01; nil before.
	IsUnique *bool
	// IsBot reports whether URLR considers the visitor a bot. Until 2025-12; nil since.
	IsBot *bool

	Country string // "" if URLR sends null or the string "null"
	Region  string // "" if URLR sends null
	City    string // "" if URLR sends null
	System  string // operating system; "" if URLR sends null
	Browser string // "" if URLR sends null
	Referer string // "" if URLR sends null

	// Timestamp is the time of the click, in UTC, with a precision of one second. It is zero if the
	// body has none, or one that is not a number of seconds in the years 0 to 9999.
	Timestamp time.Time

	raw         []byte
	form        Form
	fingerprint string
	drift       []string
	flags       [3]bool // targets of IsQRCode, IsUnique and IsBot, to save an allocation for each
}

// A Link is the short link that an event is about.
type Link struct {
	ID          string // UUID; since 2024-10
	Code        string // the path of the short URL
	Label       string // since 2026-01
	WorkspaceID string // UUID; "workspace_id" since 2026-05, "team_id" since 2024-10
	FolderID    string // UUID; since 2024-10
	Team        int64  // until 2025-12
	Folder      int64  // until 2025-12
}

// Raw returns the authenticated bytes that the event was decoded from. For [FormPHP] and [FormJS]
// these are not the bytes received but their canonical form, whose MAC matched. The caller must not
// modify them.
func (e *Event) Raw() []byte { return e.raw }

// Form returns the form of the body whose MAC matched.
func (e *Event) Form() Form { return e.form }

const fingerprintLen = 32

// appendFingerprint appends the hexadecimal digits of the signature, folded in half. Reading a log
// or database of fingerprints therefore does not let anyone replay a delivery.
func appendFingerprint(b []byte, signature mac) []byte {
	var folded [fingerprintLen / 2]byte
	subtle.XORBytes(folded[:], signature[:len(folded)], signature[len(folded):])
	return hex.AppendEncode(b, folded[:])
}

// Fingerprint returns 32 hexadecimal digits that are the same for a delivery and its retries. They
// are derived from the signature but do not reveal it.
//
// Two clicks in the same second with identical bodies have the same fingerprint, so it can't
// distinguish a retry from a second click. Package dedupe can.
//
// Fingerprint returns "" for an event that no [Verifier] returned.
func (e *Event) Fingerprint() string { return e.fingerprint }

// Drift returns the names of fields whose value has an unexpected type or range, such as
// "link.team", in the order of the body. Such a field keeps its zero value; [Event.Raw] has the
// value sent. Drift also names each field, known or unknown, that contains a lone surrogate, which
// is replaced with U+FFFD. It is nil for a body as documented, and has at most 64 names.
func (e *Event) Drift() []string { return e.drift }
