package page_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

var curlText = regexp.MustCompile(`(?s)aria-label="curl command">(.*?)</pre>`)

// curlOf returns the command as a browser copies it.
func (f *fixture) curlOf(d store.Delivery) string {
	f.t.Helper()
	found := curlText.FindStringSubmatch(f.show(d))
	require.Len(f.t, found, 2)
	return html.UnescapeString(found[1])
}

type received struct {
	uri    string
	header http.Header
	body   string
}

// application records the last request, and returns its URL.
func application(t *testing.T) (address string, last *received) {
	t.Helper()
	last = &received{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*last = received{r.Method + " " + r.RequestURI, r.Header, string(body)}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/hook?a='b'&c=[1-2]{x,y}", last
}

// The copied command sends what was received, byte for byte.
func TestCurl(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "base64"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs " + tool)
		}
	}
	address, last := application(t)
	f := start(t, func(c *page.Config) { c.Target = address })
	for name, body := range map[string]string{
		"empty":       "",
		"event":       string(authentic().Body),
		"quotes":      `'"'` + "`$(touch pwned)`\\'$HOME!!",
		"newlines":    "\n\na\n\tb\n\n",
		"windows":     "a\r\nb\r\n",
		"NUL":         "a\x00b\x00",
		"UTF-8":       "Créhen \U0001f600",
		"not UTF-8":   "\xff\xfe\xe9",
		"file":        "@/etc/passwd",
		"option":      "--data-binary",
		"percent":     "%s%d\\n\\",
		"escape":      "\x1b[31m\x7f\u202e",
		"<script>":    "</pre><script>alert(1)</script>&amp;",
		"large":       strings.Repeat("x", 64<<10),
		"large bytes": strings.Repeat("\x00", 64<<10),
	} {
		d := authenticBody([]byte(body))
		command := f.curlOf(d)
		output, err := runShell(t, command)
		require.NoError(t, err, "%s: %s\n%.500s", name, output, command)
		if body != last.body {
			t.Errorf("%s: received %.200q", name, last.body)
		}
		assert.Equal(t, "POST /hook?a='b'&c=[1-2]{x,y}", last.uri, name)
		for _, header := range []string{"Content-Type", "X-Signature", "User-Agent", "Date"} {
			assert.Equal(t, d.Header.Values(header), last.header.Values(header), "%s: %s", name, header)
		}
	}
}

func TestCurlHeaders(t *testing.T) {
	address, last := application(t)
	f := start(t, func(c *page.Config) { c.Target = address })
	for name, header := range map[string]http.Header{
		"none":       {},
		"empty":      {"X-Signature": {""}, "Content-Type": {"a"}, "User-Agent": {"b"}},
		"two":        {"X-Signature": {"one", "two"}},
		"odd":        {"X-Signature": {`'; touch pwned; '$(touch pwned)"\`}, "User-Agent": {"@/etc/passwd"}},
		"invisible":  {"User-Agent": {"caf\u00e9\u202e 'quoted' 100% \\n"}},
		"with a tab": {"User-Agent": {"a\tb"}},
	} {
		d := authentic()
		d.Header = header
		output, err := runShell(t, f.curlOf(d))
		require.NoError(t, err, "%s: %s", name, output)
		for _, field := range []string{"Content-Type", "X-Signature", "User-Agent", "Date"} {
			assert.Equal(t, header.Values(field), last.header.Values(field), "%s: %s", name, field)
		}
	}
}

func runShell(t *testing.T, command string) (string, error) {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail")
	shell.Stdin = strings.NewReader(strings.Replace(command, "curl --globoff",
		"curl --silent --show-error --max-time 20 --globoff", 1) + "\n")
	shell.Dir = t.TempDir()
	output, err := shell.CombinedOutput()
	if files, _ := exec.CommandContext(t.Context(), "ls", "-A", shell.Dir).Output(); len(files) > 0 {
		return string(output), fmt.Errorf("the command did something else: %s", files)
	}
	return string(output), err
}

func TestCurlTargets(t *testing.T) {
	for address, want := range map[string]string{
		"":                               "'URL of your application'",
		"http://me:xxxxx@app.test/a@b":   "'http://app.test/a@b'",
		"http://me@app.test/":            "'http://me@app.test/'",
		"http://app.test/?a=:xxxxx@here": "'http://app.test/?a=:xxxxx@here'",
	} {
		f := start(t, func(c *page.Config) { c.Target = address })
		has(t, f.curlOf(authentic()), "curl --globoff "+want+" ", address)
	}
}
