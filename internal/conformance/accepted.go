package conformance

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func testAccepted(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	for _, generation := range urlrtest.Generations() {
		php := string(urlrtest.Body(event(), generation))
		js := utf8Body(php)
		for _, test := range []struct {
			name            string
			signed, arrives string
			form            core.Form
		}{
			{"as PHP sends it", php, php, core.FormRaw},
			{"in UTF-8", js, js, core.FormRaw},
			{"signed by the PHP recipe, re-encoded", php, reencoded(php), core.FormPHP},
			{"signed by the Node recipe, re-encoded", js, reencoded(php), core.FormJS},
			{"signed by the Node recipe, as PHP sends it", js, php, core.FormJS},
		} {
			t.Run(string(generation)+"/"+test.name, func(t *testing.T) {
				signatures := []string{core.Sign(secret, []byte(test.signed))}
				got := send(t, url, delivery{body: test.arrives, signatures: signatures})
				assert.Equal(t, http.StatusNoContent, got.status, got.body)
				assert.Empty(t, got.body)
				e := seen.takeEvent()
				assert.Equal(t, test.form, e.Form())
				assert.Equal(t, test.signed, string(e.Raw()))
				checkEvent(t, generation, e)
			})
		}
	}
}

// checkEvent checks that e has the fields of its generation as sent.
func checkEvent(t *testing.T, generation urlrtest.Generation, e *core.Event) {
	t.Helper()
	want := event()
	if generation < urlrtest.Generation2026_01 {
		want.IsQRCode, want.IsUnique, want.Link.Label = nil, nil, ""
	} else {
		want.IsBot, want.Link.Team, want.Link.Folder = nil, 0, 0
	}
	if generation < urlrtest.Generation2024_10 {
		want.Link.ID, want.Link.WorkspaceID, want.Link.FolderID = "", "", ""
	}
	assert.Equal(t, want.Type, e.Type)
	assert.Equal(t, want.Link, e.Link)
	assert.Equal(t, []*bool{want.IsQRCode, want.IsUnique, want.IsBot}, []*bool{e.IsQRCode, e.IsUnique, e.IsBot})
	assert.Equal(t, []string{want.Country, want.Region, want.City, want.System, want.Browser, want.Referer},
		[]string{e.Country, e.Region, e.City, e.System, e.Browser, e.Referer})
	assert.Equal(t, want.Timestamp, e.Timestamp)
	assert.Empty(t, e.Drift())
	assert.Len(t, e.Fingerprint(), 32)
}

func testScopes(t *testing.T, f Framework) {
	for name, scope := range map[string]Scope{"route": OnRoute, "group": InGroup, "router": OnRouter} {
		t.Run(name, func(t *testing.T) {
			url, seen := serve(t, f, App{Scope: scope})
			assert.Equal(t, http.StatusNoContent, send(t, url, delivery{body: body}).status)
			assert.Equal(t, "yBPhx", seen.takeEvent().Link.Code)
			checkRefused(t, f, send(t, url, signed(body, "another secret")), seen, core.ErrSignatureMismatch)
		})
	}
}

func testLaterHandlers(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	for _, chunked := range []bool{false, true} {
		arrives := reencoded(body)
		signatures := []string{core.Sign(secret, []byte(body))}
		got := send(t, url, delivery{body: arrives, signatures: signatures, chunked: chunked})
		require.Equal(t, http.StatusNoContent, got.status)
		record := seen.take()
		assert.Equal(t, []string{arrives}, record.bodies, "later handlers read the body as it arrived")
		require.Len(t, record.events, 1)
		assert.Equal(t, body, string(record.events[0].Raw()))
	}
}

func testContentEncoding(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	for _, encoding := range []string{"gzip", "br", "deflate", "identity", "nonsense"} {
		header := http.Header{"Content-Encoding": {encoding}, "Content-Type": {"text/plain"}}
		got := send(t, url, delivery{body: body, header: header})
		assert.Equal(t, http.StatusNoContent, got.status, encoding)
		assert.Equal(t, []string{body}, seen.take().bodies)
	}

	const gzipped = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00" // {}
	got := send(t, url, delivery{body: gzipped, header: http.Header{"Content-Encoding": {"gzip"}}})
	checkRefused(t, f, got, seen, core.ErrMalformedEvent) // authentic, but not JSON
}

// testForms sends bodies with the content types of forms. They must not be parsed, because the
// signature is of the bytes sent.
func testForms(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	for _, contentType := range []string{
		"multipart/form-data; boundary=x", "multipart/form-data", "multipart/mixed; boundary=x",
		"application/x-www-form-urlencoded",
	} {
		for _, chunked := range []bool{false, true} {
			if f.ParsesForms && !chunked && contentType == "multipart/form-data; boundary=x" {
				continue
			}
			header := http.Header{"Content-Type": {contentType}}
			got := send(t, url, delivery{body: body, header: header, chunked: chunked})
			assert.Equal(t, http.StatusNoContent, got.status, contentType)
			assert.Equal(t, []string{body}, seen.take().bodies)
		}
	}
}

func testSecrets(t *testing.T, f Framework) {
	t.Run("rotation", func(t *testing.T) {
		url, seen := serve(t, f, App{Secret: "new", Options: []core.Option{core.WithSecrets("old", "older")}})
		for _, secret := range []string{"new", "old", "older"} {
			assert.Equal(t, http.StatusNoContent, send(t, url, signed(body, secret)).status, secret)
			seen.takeEvent()
		}
		checkRefused(t, f, send(t, url, signed(body, "oldest")), seen, core.ErrSignatureMismatch)
	})
	t.Run("per folder", func(t *testing.T) {
		lookUp := perFolder(t, map[string][]string{event().Link.FolderID: {"theirs", ""}})
		url, seen := serve(t, f, App{Options: []core.Option{core.WithSecretFunc(lookUp)}})
		elsewhere := strings.Replace(body, event().Link.FolderID, "elsewhere", 1)
		for _, test := range []struct {
			body, secret string
			want         error
		}{
			{body, "theirs", nil},
			{body, secret, nil},                   // the static secret is accepted too
			{body, "", core.ErrSignatureMismatch}, // an empty secret is never used
			{elsewhere, "theirs", core.ErrSignatureMismatch},
			{"not JSON", "theirs", core.ErrSignatureMismatch},
		} {
			got := send(t, url, signed(test.body, test.secret))
			if test.want != nil {
				checkRefused(t, f, got, seen, test.want)
				continue
			}
			assert.Equal(t, http.StatusNoContent, got.status, "%q %s", test.secret, test.body)
			seen.takeEvent()
		}
	})
}
