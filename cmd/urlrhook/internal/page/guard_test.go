package page_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
)

func TestHost(t *testing.T) {
	f := start(t, func(c *page.Config) { c.Hosts = append(c.Hosts, "localhost:8788", "[::1]:8788") })
	for host, want := range map[string]int{
		f.host: http.StatusOK, "localhost:8788": http.StatusOK, "LOCALHOST:8788": http.StatusOK, "[::1]:8788": http.StatusOK,
		"evil.test": http.StatusMisdirectedRequest, "evil.test:8788": http.StatusMisdirectedRequest, "localhost": http.StatusMisdirectedRequest,
		"localhost:8788.evil.test": http.StatusMisdirectedRequest, "127.0.0.1": http.StatusMisdirectedRequest,
	} {
		for _, path := range []string{"/", "/rows", "/style.css"} {
			a := f.do(http.MethodGet, path, nil, map[string]string{"Host": host})
			assert.Equal(t, want, a.StatusCode, "%s of %s", path, host)
		}
	}
	a := f.do(http.MethodGet, "/", nil, map[string]string{"Host": "evil.test"})
	assert.Equal(t, "text/plain; charset=utf-8", a.Header.Get("Content-Type"))
	assert.Equal(t, "This page is not served under this name, but under "+f.host+", localhost:8788, [::1]:8788.\n", a.text)
	lacks(t, start(t, withToken("t")).do(http.MethodGet, "/", nil, map[string]string{"Host": "evil.test"}).text, f.host)
}

func TestPostNeedsItsOriginAndAToken(t *testing.T) {
	f := start(t)
	f.add(authentic())
	token, here := f.csrf("1"), "http://"+f.host
	for name, c := range map[string]struct {
		header map[string]string
		token  string
		want   int
	}{
		"origin":                       {map[string]string{"Origin": here}, token, http.StatusSeeOther},
		"fetch metadata":               {map[string]string{"Sec-Fetch-Site": "same-origin"}, token, http.StatusSeeOther},
		"both":                         {map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": here}, token, http.StatusSeeOther},
		"null, because of no-referrer": {map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "null"}, token, http.StatusSeeOther},
		"neither":                      {nil, token, http.StatusForbidden},
		"null":                         {map[string]string{"Origin": "null"}, token, http.StatusForbidden},
		"another origin":               {map[string]string{"Origin": "http://evil.test"}, token, http.StatusForbidden},
		"another port":                 {map[string]string{"Origin": "http://127.0.0.1:1"}, token, http.StatusForbidden},
		"another scheme":               {map[string]string{"Origin": "ftp://" + f.host}, token, http.StatusForbidden},
		"forged origin":                {map[string]string{"Origin": "http://evil.test", "Sec-Fetch-Site": "same-origin"}, token, http.StatusForbidden},
		"forged metadata":              {map[string]string{"Origin": here, "Sec-Fetch-Site": "cross-site"}, token, http.StatusForbidden},
		"same site":                    {map[string]string{"Sec-Fetch-Site": "same-site"}, token, http.StatusForbidden},
		"by hand":                      {map[string]string{"Sec-Fetch-Site": "none"}, token, http.StatusForbidden},
		"no token":                     {map[string]string{"Origin": here}, "", http.StatusForbidden},
		"wrong token":                  {map[string]string{"Origin": here}, token[1:] + "A", http.StatusForbidden},
		"token of another process":     {map[string]string{"Origin": here}, otherToken(t), http.StatusForbidden},
	} {
		a := f.do(http.MethodPost, "/deliveries/1/replay", url.Values{"csrf": {c.token}, "url": {target}}, c.header)
		assert.Equal(t, c.want, a.StatusCode, name)
	}
	assert.Len(t, f.replayed(), 4)

	a := f.do(http.MethodPost, "/deliveries/1/replay?csrf="+token, url.Values{"url": {target}}, map[string]string{"Origin": here})
	assert.Equal(t, http.StatusForbidden, a.StatusCode, "an address is no place for it")
	form := url.Values{"csrf": {token}, "url": {"http://" + strings.Repeat("a", 300<<10)}}
	a = f.do(http.MethodPost, "/deliveries/1/replay", form, map[string]string{"Origin": here})
	assert.Equal(t, http.StatusForbidden, a.StatusCode, "too large")
	assert.Len(t, f.replayed(), 4)
}

func otherToken(t *testing.T) string {
	t.Helper()
	f := start(t)
	f.add(authentic())
	return f.csrf("1")
}

func TestOtherSitesReadNothing(t *testing.T) {
	f := start(t)
	f.add(authentic())
	for path, followed := range map[string]int{
		"/": http.StatusOK, "/deliveries/1": http.StatusOK, // a link, which a person follows
		"/rows": http.StatusForbidden, "/events": http.StatusForbidden, "/chart": http.StatusForbidden, "/script.js": http.StatusForbidden,
	} {
		for _, site := range []string{"cross-site", "same-site"} {
			a := f.do(http.MethodGet, path, nil, map[string]string{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"})
			assert.Equal(t, http.StatusForbidden, a.StatusCode, "%s from %s", path, site)
			a = f.do(http.MethodGet, path, nil, map[string]string{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"})
			assert.Equal(t, followed, a.StatusCode, "%s from %s", path, site)
		}
	}
	assert.Equal(t, http.StatusOK, f.do(http.MethodGet, "/rows", nil, map[string]string{"Sec-Fetch-Site": "same-origin"}).StatusCode)
}

func TestToken(t *testing.T) {
	const token = "let-me-in"
	f := start(t, withToken(token))
	for _, path := range []string{"/", "/rows", "/events", "/chart", "/style.css", "/deliveries/1", "/?token=", "/?token=let-me-i", "/rows?token=LET-ME-IN"} {
		a := f.get(path)
		assert.Equal(t, http.StatusUnauthorized, a.StatusCode, path)
		has(t, a.text, "Open the address that urlrhook printed in the terminal")
		assert.Empty(t, a.Header.Values("Set-Cookie"))
		lacks(t, a.text, token)
	}

	a := f.get("/?code=x&token=" + token)
	assert.Equal(t, http.StatusSeeOther, a.StatusCode)
	assert.Equal(t, "/?code=x", a.Header.Get("Location"))
	require.Len(t, a.Cookies(), 1)
	cookie := a.Cookies()[0]
	assert.True(t, cookie.HttpOnly)
	assert.Equal(t, http.SameSiteStrictMode, cookie.SameSite)

	a = f.do(http.MethodGet, "/", nil, map[string]string{"Cookie": cookie.Name + "=" + cookie.Value})
	assert.Equal(t, http.StatusOK, a.StatusCode)
	lacks(t, a.text, token)
	a = f.do(http.MethodGet, "/", nil, map[string]string{"Cookie": cookie.Name + "=other"})
	assert.Equal(t, http.StatusUnauthorized, a.StatusCode)
	a = f.do(http.MethodPost, "/deliveries/1/replay?token="+token, url.Values{"token": {token}}, map[string]string{"Origin": "http://" + f.host})
	assert.Equal(t, http.StatusUnauthorized, a.StatusCode, "only the cookie lets change something")
}

func TestATokenLeadsToNoOtherSite(t *testing.T) {
	f := start(t, withToken("t"))
	for _, path := range []string{"//evil.test/?token=t", "/%2fevil.test/?token=t", "//evil.test/..//evil.test?token=t"} {
		location := f.get(path).Header.Get("Location")
		assert.Regexp(t, `^/[^/\\]*`, location, path)
		assert.False(t, strings.HasPrefix(location, "//"), location)
	}
}
