package page

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// policy allows only what this server sends, and no inline script or style, so that nothing in a
// delivery can run.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// maxForm bounds a POST: a token, a URL, and a body with three bytes for each of its own.
const maxForm = 256 << 10

// guard lets only requests from the page itself through, and from the person who opens it.
func (p *page) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		switch {
		case !p.knowsHost(r.Host):
			http.Error(w, p.knownNames(), http.StatusMisdirectedRequest)
		case p.bringsToken(r):
			p.admit(w, r)
		case !p.admitted(r):
			render(w, http.StatusUnauthorized, "message.html", message{
				Title: "This page needs its token", Refused: true,
				Text: "Open the address that urlrhook printed in the terminal: it ends with the token.",
			})
		case !comesFromHere(r):
			http.Error(w, "Another site made this request, so it is refused.", http.StatusForbidden)
		case !isRead(r) && !p.comesFromForm(w, r):
			http.Error(w, "This form is not from the running urlrhook. Reload the page.", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// knowsHost reports whether a host is one of the page's own, rather than an attacker's name that
// resolves to this machine (DNS rebinding).
func (p *page) knowsHost(host string) bool {
	return slices.ContainsFunc(p.Hosts, func(known string) bool { return strings.EqualFold(known, host) })
}

// knownNames says which names work. On a network it does not reveal the names of this machine.
func (p *page) knownNames() string {
	if p.Token != "" {
		return "This page is not served under this name: use the address that urlrhook printed, or this machine's" +
			" name or IP address."
	}
	return "This page is not served under this name, but under " + strings.Join(p.Hosts, ", ") + "."
}

// comesFromHere reports whether a request comes from this site, or from a person who follows a link
// to a whole page.
func comesFromHere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	wholePage := r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, "/deliveries/")
	return isRead(r) && wholePage && r.Header.Get("Sec-Fetch-Mode") == "navigate"
}

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// comesFromForm reports whether a request has this origin, according to the browser, and the token
// of a page.
func (p *page) comesFromForm(w http.ResponseWriter, r *http.Request) bool {
	if !sameOrigin(r) {
		return false
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	return same(r.PostFormValue("csrf"), p.csrf)
}

// sameOrigin reports whether the browser says that a request has this origin. Because of the
// Referrer-Policy, some send "Origin: null" with forms: then Sec-Fetch-Site must say so.
func sameOrigin(r *http.Request) bool {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	if site != "" && site != "same-origin" {
		return false
	}
	if origin == "" || origin == "null" {
		return site == "same-origin"
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, r.Host)
}

func (p *page) bringsToken(r *http.Request) bool {
	return p.Token != "" && isRead(r) && same(r.URL.Query().Get("token"), p.Token)
}

// admit moves the token from the address, where others may see it, into a cookie.
func (p *page) admit(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // not Secure: the page has no TLS
		Name: cookieName(r), Value: p.Token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	query := r.URL.Query()
	query.Del("token")
	clean := path.Clean("/" + r.URL.Path) // because //host would be another site
	target := url.URL{Path: clean, RawQuery: query.Encode()}
	http.Redirect(w, r, target.String(), http.StatusSeeOther)
}

func (p *page) admitted(r *http.Request) bool {
	return p.Token == "" ||
		slices.ContainsFunc(r.CookiesNamed(cookieName(r)), func(c *http.Cookie) bool { return same(c.Value, p.Token) })
}

// cookieName includes the port, because browsers send a cookie to every port of a host.
func cookieName(r *http.Request) string {
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		return "urlrhook-" + port
	}
	return "urlrhook"
}

// same compares in constant time, whatever the lengths.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
