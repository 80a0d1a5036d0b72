package page

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/core"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

// An eventView shows the event that an application gets.
type eventView struct {
	Verified bool
	Problem  string // why there is no event
	Fields   []field
	At       time.Time // of the click; zero if unknown
	Drift    []field   // fields with another type or range than documented, as sent
}

type field struct {
	Name  string
	Value []visible.Span
}

// decode decodes the event as the application would. It decodes a forged one too, as a claim.
func decode(ctx context.Context, d *store.Delivery, secrets []string) eventView {
	e, err := verify(ctx, d, secrets)
	verified := err == nil
	if !verified {
		e, err = claim(ctx, d.Body)
	}
	if err != nil {
		return eventView{Problem: strings.TrimPrefix(err.Error(), "urlr: ")}
	}
	return eventView{Verified: verified, Fields: fieldsOf(e), At: e.Timestamp, Drift: driftOf(e)}
}

func verify(ctx context.Context, d *store.Delivery, secrets []string) (*core.Event, error) {
	v, err := core.NewVerifier(
		"",
		core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) { return secrets, nil }),
		limitOf(d.Body),
	)
	if err != nil || len(secrets) == 0 {
		return nil, core.ErrSecretUnavailable
	}
	return v.Verify(ctx, d.Body, d.Signature())
}

// claim decodes a body that is not authentic, by signing it with a secret of its own.
func claim(ctx context.Context, body []byte) (*core.Event, error) {
	const own = "a claim"
	return core.MustVerifier(own, limitOf(body)).Verify(ctx, body, core.Sign(own, body))
}

func limitOf(body []byte) core.Option { return core.WithMaxBodyBytes(int64(len(body)) + 1) }

func fieldsOf(e *core.Event) []field {
	all := []struct{ name, value string }{
		{"event", string(e.Type)},
		{"link.code", e.Link.Code},
		{"link.label", e.Link.Label},
		{"country", e.Country},
		{"region", e.Region},
		{"city", e.City},
		{"system", e.System},
		{"browser", e.Browser},
		{"referer", e.Referer},
		{"is_qrcode", flag(e.IsQRCode)},
		{"is_unique", flag(e.IsUnique)},
		{"isBot", flag(e.IsBot)},
		{"link.id", e.Link.ID},
		{"link.workspace_id", e.Link.WorkspaceID},
		{"link.folder_id", e.Link.FolderID},
		{"link.team", number(e.Link.Team)},
		{"link.folder", number(e.Link.Folder)},
	}
	var said []field
	for _, f := range all {
		if f.value != "" {
			said = append(said, field{f.name, visible.LineSpans(f.value, 500)})
		}
	}
	return said
}

// driftOf returns the fields that are not as documented, as sent.
func driftOf(e *core.Event) (drift []field) {
	for _, name := range e.Drift() {
		drift = append(drift, field{name, visible.LineSpans(string(valueAt(e.Raw(), strings.Split(name, "."))), 200)})
	}
	return drift
}

// valueAt returns the JSON of an object's field, or nil.
func valueAt(object []byte, path []string) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil {
		return nil
	}
	value := members[path[0]]
	if len(path) > 1 {
		return valueAt(value, path[1:])
	}
	return value
}

func flag(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
