package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// sendDemo sends a few deliveries as URLR does, and one as a forger would.
func sendDemo(ctx context.Context, out io.Writer, endpoint, secret string) error {
	fmt.Fprintln(out, "Demo: three deliveries as URLR signs them, and a forged one.")
	now := time.Now().Unix()
	for _, d := range []struct{ secret, body string }{
		{secret, fmt.Sprintf(`{"event":"link_clicked","link":{"id":"9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11","label":"Summer","code":"summer","workspace_id":"1d0c4f5e-6a5f-4c62-9d9b-2f5cb5f2a001","folder_id":"6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002"},"country":"FR","region":"\u00cele-de-France","city":"Cr\u00e9teil","system":"GNU\/Linux","browser":"Firefox","referer":"https:\/\/example.com\/","is_qrcode":false,"is_unique":true,"timestamp":%d}`, now)},
		{secret, fmt.Sprintf(`{"event":"link_clicked","link":{"id":"9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c12","label":"Poster","code":"poster","workspace_id":"1d0c4f5e-6a5f-4c62-9d9b-2f5cb5f2a001","folder_id":"6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002"},"country":"DE","region":null,"city":null,"system":"Android","browser":"Chrome","referer":null,"is_qrcode":true,"is_unique":false,"timestamp":%d}`, now)},
		{secret, fmt.Sprintf(`{"event":"link_clicked","link":{"code":"yBPhx","team":5,"folder":10},"country":null,"region":null,"city":null,"system":null,"browser":null,"isBot":true,"referer":null,"timestamp":%d}`, now)},
		{"a forger's guess", fmt.Sprintf(`{"event":"link_clicked","link":{"code":"forged"},"timestamp":%d}`, now)},
	} {
		if err := send(ctx, endpoint, d.secret, d.body); err != nil {
			return err
		}
	}
	return nil
}

// send sends a delivery. What becomes of it, the receiver prints.
func send(ctx context.Context, endpoint, secret, body string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "URLR")
	r.Header.Set(core.SignatureHeader, core.Sign(secret, []byte(body)))
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	return response.Body.Close()
}
