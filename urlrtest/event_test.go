package urlrtest_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const secret = "whsec_test"

// TestBody checks the bytes of the same click in each generation.
func TestBody(t *testing.T) {
	e := urlrtest.NewEvent()
	e.Region, e.Referer = "", ""
	e.Timestamp = time.Unix(1697398126, 0)
	for generation, want := range map[urlrtest.Generation]string{
		urlrtest.Generation2023_10: `{"event":"link_clicked",` +
			`"link":{"code":"yBPhx","team":5,"folder":10},"country":"FR",` +
			`"region":null,"city":"Cr\u00e9hen","system":"GNU\/Linux","browser":"Firefox","isBot":false,` +
			`"referer":null,"timestamp":1697398126}`,
		urlrtest.Generation2024_10: `{"event":"link_clicked",` +
			`"link":{"id":"9759d03f-eaec-4ca4-a5a2-105ced01fbd8","code":"yBPhx",` +
			`"team":5,"team_id":"2c196f79-0db8-421a-9230-623c8956bdbf","folder":10,` +
			`"folder_id":"469cf8aa-5d9b-4bcb-bafc-8a2576b6f504"},"country":"FR","region":null,` +
			`"city":"Cr\u00e9hen","system":"GNU\/Linux","browser":"Firefox","isBot":false,` +
			`"referer":null,"timestamp":1697398126}`,
		urlrtest.Generation2026_01: `{"event":"link_clicked",` +
			`"link":{"id":"9759d03f-eaec-4ca4-a5a2-105ced01fbd8","code":"yBPhx",` +
			`"label":"\u00c9t\u00e9 2026","team_id":"2c196f79-0db8-421a-9230-623c8956bdbf",` +
			`"folder_id":"469cf8aa-5d9b-4bcb-bafc-8a2576b6f504"},"is_qrcode":false,"is_unique":true,` +
			`"country":"FR","region":null,"city":"Cr\u00e9hen","system":"GNU\/Linux",` +
			`"browser":"Firefox","referer":null,"timestamp":1697398126}`,
		urlrtest.Generation2026_05: `{"event":"link_clicked",` +
			`"link":{"id":"9759d03f-eaec-4ca4-a5a2-105ced01fbd8","code":"yBPhx",` +
			`"label":"\u00c9t\u00e9 2026","workspace_id":"2c196f79-0db8-421a-9230-623c8956bdbf",` +
			`"folder_id":"469cf8aa-5d9b-4bcb-bafc-8a2576b6f504"},"is_qrcode":false,"is_unique":true,` +
			`"country":"FR","region":null,"city":"Cr\u00e9hen","system":"GNU\/Linux",` +
			`"browser":"Firefox","referer":null,"timestamp":1697398126}`,
	} {
		assert.Equal(t, want, string(urlrtest.Body(e, generation)), generation)
	}
	assert.Len(t, urlrtest.Generations(), 4)
	assert.PanicsWithValue(t, "urlrtest: nil event", func() { urlrtest.Body(nil, urlrtest.Latest) })
	assert.PanicsWithValue(t,
		`urlrtest: unknown generation "2022", want one of ["2023-10" "2024-10" "2026-01" "2026-05"]`,
		func() { urlrtest.Body(e, "2022") })
}

// The receiver decodes what the test sent.
func TestEventArrives(t *testing.T) {
	e := urlrtest.NewEvent()
	e.Link.Code = "\"quoted\" <b>&\u2028\x00\U0001f600"
	e.IsQRCode = nil
	verifier := core.MustVerifier(secret)
	for _, generation := range urlrtest.Generations() {
		body := urlrtest.Body(e, generation)
		got, err := verifier.Verify(t.Context(), body, core.Sign(secret, body))
		require.NoError(t, err, generation)
		assert.Equal(t, e.Type, got.Type)
		assert.Equal(t, e.Link.Code, got.Link.Code)
		assert.Equal(t, []string{e.Country, e.Region, e.City, e.System, e.Browser, e.Referer},
			[]string{got.Country, got.Region, got.City, got.System, got.Browser, got.Referer})
		assert.Equal(t, e.Timestamp, got.Timestamp)
		assert.Nil(t, got.Drift())
		if generation == urlrtest.Latest {
			assert.Equal(t, e.IsUnique, got.IsUnique)
			assert.False(t, *got.IsQRCode)
			want := e.Link
			want.Team, want.Folder = 0, 0
			assert.Equal(t, want, got.Link)
		}
	}
}

func TestReencode(t *testing.T) {
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)
	reencoded := urlrtest.Reencode(body)
	assert.Contains(t, string(reencoded), `"city": "Créhen", "system": "GNU/Linux"`)
	canonical, err := core.Canonicalize(nil, reencoded, core.FormPHP)
	require.NoError(t, err)
	assert.Equal(t, string(body), string(canonical))
	assert.Equal(t, "not JSON", string(urlrtest.Reencode([]byte("not JSON"))))
	assert.False(t, bytes.Equal(body, reencoded))
}
