package core

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// Restore returns the event whose [Event.Raw], [Event.Form] and [Event.Fingerprint] these are: after
// they have been in a queue or a database of one's own. It verifies nothing, so pass only what a
// [Verifier] has accepted. It keeps no reference to raw.
//
// An unknown form and a fingerprint that is not 32 lower-case hexadecimal digits are errors, so that
// no body that nobody has verified is passed by mistake. The error for a raw that is no event wraps
// [ErrMalformedEvent].
func Restore(raw []byte, form Form, fingerprint string) (*Event, error) {
	if !form.valid() {
		return nil, fmt.Errorf("urlr: Restore: unknown form %d: pass the Form of the event", form)
	}
	if !isFingerprint(fingerprint) {
		return nil, errors.New("urlr: Restore: no fingerprint: pass the Fingerprint of the event")
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
