package main

import (
	"fmt"
	"strings"

	"github.com/urlr-community/webhooks-go/core"
)

const (
	secret    = "whsec_5f2b1c9e7a3d"
	bodyBytes = 406
)

var (
	// body is a delivery of the 2026-05 generation, encoded as URLR's PHP does.
	body = []byte(`{"event":"link_clicked","link":{"id":"9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11",` +
		`"label":"Brochure","code":"yBPhx","workspace_id":"1d0c4f5e-6a5f-4c62-9d9b-2f5cb5f2a001",` +
		`"folder_id":"6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002"},"country":"FR","region":"Bretagne",` +
		`"city":"Cr\u00e9hen","system":"GNU\/Linux","browser":"Firefox","referer":"https:\/\/example.com",` +
		`"is_qrcode":false,"is_unique":true,"timestamp":1780000000}`)
	// reencoded is the same delivery, re-encoded by a gateway.
	reencoded = []byte(strings.NewReplacer(`\/`, `/`, `\u00e9`, `é`, `,"`, `, "`, `":`, `": `).Replace(string(body)))
	signature = core.Sign(secret, body)
	forgery   = core.Sign("a forger's secret", body)
)

// padded replaces the "%s" in a document so that it is as long as body.
func padded(document string) []byte {
	n := bodyBytes - len(document) + len("%s")
	if n < 0 {
		panic(fmt.Sprintf("document is %d bytes too long", -n))
	}
	return fmt.Appendf(nil, document, strings.Repeat("x", n))
}
