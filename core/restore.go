package core

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// Restore rebuilds an event from its [Event.Raw], [Event.Form] and [Event.Fingerprint], for example
// after they have been in a queue or database. It verifies nothing, so pass only what a [Verifier]
// has accepted. It keeps no reference to raw.
//
// An unknown form, or a fingerprint that is not 32 lower-case hexadecimal digits, is an error, so
// that an unverified body can't be passed by mistake. If raw is not an event, the error wraps
// [ErrMalformedEvent].
func Restore(raw []byte, form Form, fingerprint string) (*Event, error) {
	if !form.valid() {
		return nil, fmt.Errorf("urlr: Restore: unknown form %d", form)
	}
	if !isFingerprint(fingerprint) {
		return nil, errors.New("urlr: Restore: invalid fingerprint")
	}
	d := newDocument(raw)
	defer d.free()
	e, err := d.event(FormRaw, mac{})
	if err != nil {
		return nil, err
	}
	e.raw, e.form, e.fingerprint = slices.Clip(bytes.Clone(raw)), form, fingerprint
	return e, nil
}

func isFingerprint(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(s) == fingerprintLen && hex.EncodeToString(b) == s
}
