// Package replay sends kept deliveries to an application again, as received or edited.
package replay

import (
	"context"
	"errors"
	"net/url"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/core"
)

var (
	// ErrNotWhole means that only a part of the body was kept.
	ErrNotWhole = errors.New("its body was too large or incomplete, so it can't be sent again")

	// ErrNoSecret means that there is no secret to sign an edited delivery with.
	ErrNoSecret = errors.New("there is no secret to sign the edited delivery with")
)

// A Sender replays deliveries and keeps each attempt.
type Sender struct {
	Store  *store.Store
	Client *forward.Client
	Secret string // signs edited deliveries; "": Send refuses them
}

// Send replays a delivery: byte for byte with its signature if edit is nil, or else with the body
// that edit returns, signed again. If ctx ends first, the attempt is not kept.
func (s *Sender) Send(
	ctx context.Context,
	id int64,
	target *url.URL,
	edit func(body []byte) ([]byte, error),
) (*store.Replay, error) {
	d, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	r := &store.Replay{Delivery: id, Edited: edit != nil}
	if edit != nil {
		if d, err = s.edited(d, edit); err != nil {
			return nil, err
		}
		r.Body = d.Body
	} else if !d.IsWhole() {
		return nil, ErrNotWhole
	}
	r.Answer = s.Client.Send(ctx, target, d)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return r, s.Store.AddReplay(ctx, r)
}

func (s *Sender) edited(d *store.Delivery, edit func([]byte) ([]byte, error)) (*store.Delivery, error) {
	if s.Secret == "" {
		return nil, ErrNoSecret
	}
	body, err := edit(d.Body)
	if err != nil {
		return nil, err
	}
	header := d.Header.Clone()
	if header == nil {
		header = map[string][]string{}
	}
	header.Set(core.SignatureHeader, core.Sign(s.Secret, body))
	return &store.Delivery{ID: d.ID, Header: header, Body: body, Length: int64(len(body))}, nil
}
