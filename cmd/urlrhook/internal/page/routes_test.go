package page_test

import (
	"fmt"
	"mime"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRoutes(t *testing.T) {
	f := start(t)
	id := f.add(authentic())
	for path, want := range map[string]string{
		"/":                                      "text/html; charset=utf-8",
		"/rows":                                  "text/html; charset=utf-8",
		"/chart":                                 "text/html; charset=utf-8",
		fmt.Sprintf("/deliveries/%d", id):        "text/html; charset=utf-8",
		fmt.Sprintf("/deliveries/%d?pane=1", id): "text/html; charset=utf-8",
		"/style.css":                             "text/css; charset=utf-8",
		"/script.js":                             "text/javascript; charset=utf-8",
		"/icon.svg":                              "image/svg+xml",
	} {
		a := f.get(path)
		assert.Equal(t, http.StatusOK, a.StatusCode, path)
		assert.Equal(t, want, a.Header.Get("Content-Type"), path)
	}
	lacks(t, f.get("/deliveries/1?pane=1").text, "<!doctype")
	has(t, f.do(http.MethodGet, "/deliveries/1?pane=1", nil, map[string]string{"Sec-Fetch-Mode": "navigate"}).text, "<!doctype")
	require.NoError(t, mime.AddExtensionType(".js", "text/plain"))
	assert.Equal(t, "text/javascript; charset=utf-8", f.get("/script.js").Header.Get("Content-Type"), "whatever the system says")
	for _, path := range []string{"/deliveries/99", "/deliveries/x", "/templates/list.html", "/page.go", "/favicon.ico"} {
		assert.Equal(t, http.StatusNotFound, f.get(path).StatusCode, path)
	}
	assert.Equal(t, http.StatusOK, f.get("/?open=99").StatusCode, "what was open may be gone")
	assert.Equal(t, http.StatusOK, f.get("/?verdict=x&status=x&before=x&after=-1&open=x").StatusCode)
}

func TestHeaders(t *testing.T) {
	f := start(t)
	for _, a := range []answer{f.get("/"), f.get("/style.css"), f.get("/nowhere"), f.do(http.MethodGet, "/", nil, map[string]string{"Host": "evil.test"})} {
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
				"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			assert.Equal(t, want, a.Header.Get(name), "%s of %s", name, a.Request.URL)
		}
	}
}

func TestNothingIsInline(t *testing.T) {
	f := start(t)
	bad := f.add(mismatch())
	for _, path := range []string{"/", fmt.Sprintf("/deliveries/%d", bad), "/chart"} {
		text := f.get(path).text
		assert.NotRegexp(t, `(?i)<style|<script(>| [^s])|\s(on[a-z]+|style)=|javascript:`, text, path)
	}
}
