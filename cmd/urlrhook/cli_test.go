package main

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"flag"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

const testSecret = "whsec_commands"

var update = flag.Bool("update", false, "write the golden files")

// An output is the output of a command.
type output struct {
	stdout, stderr string
	err            error
}

func (o output) exitStatus() int {
	if o.err == nil {
		return 0
	}
	return exitStatus(o.err)
}

// run runs a command like a shell, with the secret in the environment. It fails if the output has
// the secret.
func run(t *testing.T, stdin string, args ...string) output {
	t.Helper()
	t.Setenv(secretEnv, testSecret)
	return runAsIs(t.Context(), t, stdin, args...)
}

func runAsIs(ctx context.Context, t *testing.T, stdin string, args ...string) output {
	t.Helper()
	var stdout, stderr bytes.Buffer
	app := newApp()
	app.Reader, app.Writer, app.ErrWriter = strings.NewReader(stdin), &stdout, &stderr
	err := app.Run(ctx, append([]string{"urlrhook"}, args...))
	o := output{stdout.String(), stderr.String(), err}
	if err != nil {
		assert.NotContains(t, err.Error(), testSecret)
	}
	assert.NotContains(t, o.stdout+o.stderr, testSecret)
	return o
}

// checkGolden compares text with a file in testdata, after replacing what varies from run to run.
func checkGolden(t *testing.T, name, text string) {
	t.Helper()
	for _, varying := range []struct{ pattern, replacement string }{
		{`\d+(\.\d+)?(ms|s|µs)\b`, `Nms`},
		{`\d+(\.\d+)? (ms|s)\b`, `N $2`},
		{`\d+ deliveries a second`, `N deliveries a second`},
		{`(Seed +)\d+`, `${1}N`},
		{`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`, `2026-05-28 20:26:40`},
		{`(?m)^\d\d:\d\d:\d\d`, `20:26:40`},
		{`127\.0\.0\.1:\d+`, `127.0.0.1:PORT`},
		{`(?m)^Date: .*$`, `Date: Thu, 28 May 2026 20:26:40 GMT`},
		{`"timestamp":( ?)\d+`, `"timestamp":${1}1780000000`},
		{`(?m)^X-Signature: [0-9a-f]{64}$`, `X-Signature: HEX`},
		{regexp.QuoteMeta(os.TempDir()) + `[^ \n]*`, `FILE`},
	} {
		text = regexp.MustCompile(varying.pattern).ReplaceAllString(text, varying.replacement)
	}
	file := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "go test -update writes it")
	assert.Equal(t, string(want), text)
}

// application is a receiver as users write it. It fails for the first requests, and then counts
// them.
func application(t *testing.T, failures int64) (url string, handled *atomic.Int64) {
	t.Helper()
	var requests atomic.Int64
	handled = &atomic.Int64{}
	handler := nethttpurlr.Handler(func(context.Context, *core.Event) error {
		if requests.Add(1) <= failures {
			return errors.New("database is down")
		}
		handled.Add(1)
		return nil
	})
	server := httptest.NewServer(nethttpurlr.Verify(testSecret)(handler))
	t.Cleanup(server.Close)
	return server.URL, handled
}

func writeFile(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return name
}

func TestHelp(t *testing.T) {
	for _, command := range []string{"", "listen", "send", "replay", "check", "list", "show", "sign", "verify",
		"version"} {
		o := run(t, "", strings.Fields(command+" --help")...)
		require.NoError(t, o.err)
		checkGolden(t, strings.TrimSuffix("help-"+command, "-"), o.stdout)
	}
}

// Mistakes exit with 2 and say what to do.
func TestMistakes(t *testing.T) {
	url, _ := application(t, 0)
	empty := writeFile(t, "")
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no target":      {[]string{"send"}, `"to"`},
		"no such scheme": {[]string{"send", "--to", "ftp://example.com"}, "write it like http://"},
		"no share":       {[]string{"send", "--to", url, "--twins", "120%"}, "1% or 0.01"},
		"negative share": {[]string{"send", "--to", url, "--lose-answers=-1%"}, "1% or 0.01"},
		"not a share":    {[]string{"send", "--to", url, "--reencode", "some"}, "1% or 0.01"},
		"no deliveries":  {[]string{"send", "--to", url, "--count", "0"}, "less than 1"},
		"unknown format": {[]string{"send", "--to", url, "--generation", "2022-01"}, "2023-10"},
		"no body":        {[]string{"send", "--to", url, "--body", "no-such-file"}, "no-such-file"},
		"unknown flag": {[]string{"send", "--to", url, "--nonsense"},
			"unknown flag --nonsense: urlrhook send --help lists them"},
		"mistyped flag":    {[]string{"listen", "--forwrad", url}, "did you mean --forward?"},
		"flag of one dash": {[]string{"listen", "-forwrd", url}, "did you mean --forward?"},
		"half a flag":      {[]string{"send", "--to", url, "--corrupt", "1%"}, "did you mean --corrupt-signatures?"},
		"mistyped root":    {[]string{"--versio"}, "did you mean --version?"},
		"empty secret":     {[]string{"sign", "--secret-file", empty}, "is blank"},
		"forgotten flag":   {[]string{"listen", "--db", ":memory:", "http://127.0.0.1:1"}, "unexpected argument"},
		"argument of list": {[]string{"list", "--db", ":memory:", "12"}, "unexpected argument"},
		"argument of send": {[]string{"send", "--to", url, url}, "unexpected argument"},
		"late by nothing":  {[]string{"send", "--to", url, "--delay-answers", "1%"}, "--delay"},
		"before it ended":  {[]string{"send", "--to", url, "--first-interval=-1s"}, "-1s is less than 0"},
		"early answers": {
			[]string{"send", "--to", url, "--delay=-1s", "--delay-answers", "1%"}, "-1s is less than 0",
		},
		"no time":           {[]string{"send", "--to", url, "--timeout", "0s"}, "0s is not greater than 0"},
		"negative time":     {[]string{"send", "--to", url, "--timeout=-1s"}, "-1s is not greater than 0"},
		"none are late":     {[]string{"send", "--to", url, "--delay", "1s"}, "--delay-answers"},
		"no file":           {[]string{"sign", "no-such-file"}, "no-such-file"},
		"two files":         {[]string{"sign", "one", "two"}, "one file"},
		"no signature":      {[]string{"verify"}, `"signature"`},
		"unknown topic":     {[]string{"help", "sned"}, `unknown command "sned": did you mean send?`},
		"command and help":  {[]string{"sned", "-h"}, `unknown command "sned": did you mean send?`},
		"unknown command":   {[]string{"nonsense"}, `unknown command "nonsense": urlrhook --help`},
		"mistyped command":  {[]string{"lisen"}, "did you mean listen?"},
		"other letter":      {[]string{"reply", "1"}, "did you mean replay?"},
		"no deliveries yet": {[]string{"list", "--db", ":memory:"}, "urlrhook listen"},
		"body and fields":   {[]string{"send", "--to", url, "--body", empty, "--code", "x"}, "--code"},
		"no such verdict":   {[]string{"list", "--verdict", "good"}, "authentic, refused or unchecked"},
		"limit too high":    {[]string{"list", "--limit", "501"}, "--before"},
		"negative ID":       {[]string{"list", "--before", "-1"}, "greater than 0"},
		"limit too low":     {[]string{"list", "--limit=-1"}, "1 to 500"},
		"no ID":             {[]string{"show", "--db", ":memory:"}, "urlrhook list"},
		"not an ID":         {[]string{"show", "--db", ":memory:", "one"}, "urlrhook list"},
		"nothing to replay": {[]string{"replay", "--db", ":memory:", "--to", url}, "urlrhook listen"},
		"bad address":       {[]string{"listen", "--db", ":memory:", "--addr", "256.0.0.1:0"}, "--addr"},
		"bad page address": {[]string{"listen", "--db", ":memory:", "--addr", "127.0.0.1:0", "--page",
			"256.0.0.1:0"}, "--page"},
		"bad application": {[]string{"listen", "--db", ":memory:", "--forward", "nonsense://"},
			"write it like http://"},
		"keep nothing": {[]string{"listen", "--db", ":memory:", "--keep", "0"}, "keep"},
	} {
		o := run(t, "", test.args...)
		assert.ErrorContains(t, o.err, test.want, name)
		assert.Equal(t, 2, o.exitStatus(), name)
		assert.NotContains(t, o.stdout, "OPTIONS", "%s: help is not what is wrong", name)
	}
}

func TestNoSecret(t *testing.T) {
	for _, none := range []string{"", " ", "\n", "\u200b", "\ufeff\r\n"} {
		t.Setenv(secretEnv, none)
		for _, args := range [][]string{{"sign"}, {"verify", "--signature", "aa"},
			{"send", "--to", "http://127.0.0.1:1"}} {
			o := runAsIs(t.Context(), t, "", args...)
			assert.ErrorContains(t, o.err, "set "+secretEnv, "%+q %v", none, args)
			assert.Equal(t, 2, o.exitStatus())
			assert.Empty(t, o.stdout)
		}
	}
}

// A blank secret is an error, because whoever sets one wants signatures to be verified.
func TestBlankSecretIsRefused(t *testing.T) {
	for _, blank := range []string{" ", "\u200b", "\ufeff"} {
		t.Setenv(secretEnv, blank)
		for _, args := range [][]string{{"listen", "--db", ":memory:"}, {"show", "1"}} {
			assert.ErrorContains(t, runAsIs(t.Context(), t, "", args...).err, secretEnv+" is blank", "%+q", blank)
		}
	}
	t.Setenv(secretEnv, testSecret)
	for _, blank := range []string{"", "\n", "\x00\x00", "\ufeff", " \u200b\r\n", "\xff\xfe\r\x00\n\x00"} {
		o := runAsIs(t.Context(), t, "body", "sign", "--secret-file", writeFile(t, blank))
		assert.ErrorContains(t, o.err, "is blank", "%+q", blank)
		assert.Equal(t, 2, o.exitStatus())
	}
}

// A secret with something pasted along is used, with a warning that does not show it.
func TestSecretWarnings(t *testing.T) {
	for secret, want := range map[string]string{
		testSecret + "\n":       "a newline at its end",
		`"` + testSecret + `"`:  "quotes around it",
		"\ufeff" + testSecret:   "a byte order mark at its start",
		testSecret + "\u200b":   "zero-width characters in it",
		"\t" + testSecret + " ": "whitespace around it",
	} {
		t.Setenv(secretEnv, secret)
		o := runAsIs(t.Context(), t, "body", "sign")
		require.NoError(t, o.err)
		assert.Equal(t, core.Sign(secret, []byte("body"))+"\n", o.stdout)
		assert.Equal(t, "Warning: the secret in "+secretEnv+" has "+want+
			". It is used as is: no signature matches unless URLR's secret has the same.\n", o.stderr)
		t.Setenv(secretEnv, "")
		name := writeFile(t, secret+"\n") // one newline is what editors add
		o = runAsIs(t.Context(), t, "body", "sign", "--secret-file", name)
		require.NoError(t, o.err)
		assert.Contains(t, o.stderr, "the secret in "+name+" has "+want)
	}
	assert.Empty(t, run(t, "body", "sign").stderr)
	assert.Empty(t, run(t, "body", "sign", "--secret-file", writeFile(t, testSecret+"\r\n")).stderr)
}

func TestVersion(t *testing.T) {
	o := run(t, "", "version")
	require.NoError(t, o.err)
	assert.Regexp(t, `^urlrhook \S+ \(go1\.\S+, \w+/\w+\)\n$`, o.stdout)
}

func TestSign(t *testing.T) {
	want := core.Sign(testSecret, []byte("body")) + "\n"
	assert.Equal(t, want, run(t, "body", "sign").stdout)
	assert.Equal(t, want, run(t, "body", "sign", "-").stdout)
	assert.Equal(t, want, run(t, "", "sign", writeFile(t, "body")).stdout)
	t.Setenv(secretEnv, "another")
	for _, content := range []string{testSecret, testSecret + "\n", testSecret + "\r\n"} {
		assert.Equal(t, want, runAsIs(t.Context(), t, "body", "sign", "--secret-file", writeFile(t, content)).stdout)
	}
}

func TestVerify(t *testing.T) {
	const body = `{"event":"link_clicked","link":{"code":"yBPhx"},"city":"Cr\u00e9hen",` +
		`"referer":"https:\/\/example.com\/"}`
	changed := strings.Replace(body, "}", "}\t\x1b[2J", 1)
	for name, test := range map[string]struct {
		body, signed string
		args         []string
		exitStatus   int
	}{
		"match":    {body, body, nil, 0},
		"line-end": {"{ }\n", "{ }", nil, 1},
		"keys": {
			`{"link":{"code":"yBPhx"},"city":"Cr\u00e9hen","event":"link_clicked",` +
				`"referer":"https:\/\/example.com\/"}`,
			body, nil, 1,
		},
		"wide":      {"東京, not JSON\n", "東京, not JSON", nil, 1},
		"unrelated": {changed, "something else", nil, 1},
		"json":      {"{ }\n", "{ }", []string{"--json"}, 1},
	} {
		o := run(t, test.body, append([]string{"verify", "--signature", core.Sign(testSecret, []byte(test.signed))},
			test.args...)...)
		assert.Equal(t, test.exitStatus, o.exitStatus(), name)
		assert.NotContains(t, o.stdout, "\x1b", "a body can't control the terminal")
		checkGolden(t, "verify-"+name, o.stdout)
	}
}

func TestVerifyWithAnotherSecret(t *testing.T) {
	o := run(t, "body", "verify", "--signature", core.Sign("old", []byte("body")),
		"--secret-file", writeFile(t, testSecret), "--secret-file", writeFile(t, "old"))
	assert.Equal(t, 1, o.exitStatus())
	assert.Contains(t, o.stdout, "another-secret")
}

// An interrupt ends a sign that waits for standard input.
func TestSignInterrupted(t *testing.T) {
	t.Setenv(secretEnv, testSecret)
	ctx, cancel := context.WithCancel(t.Context())
	endless, _ := io.Pipe()
	app := newApp()
	app.Reader = endless
	cancel()
	assert.ErrorIs(t, app.Run(ctx, []string{"urlrhook", "sign"}), context.Canceled)
}

func TestSend(t *testing.T) {
	url, handled := application(t, 2)
	o := run(t, "", "send", "--to", url, "--count", "20", "--concurrency", "4", "--first-interval", "1ms", "--twins",
		"50%", "--seed", "1")
	require.NoError(t, o.err)
	checkGolden(t, "send", o.stdout)
	assert.Empty(t, o.stderr, "no progress bar without a terminal")
	assert.EqualValues(t, 35, handled.Load(), "20 clicks, 15 twins")
}

func TestSendGivesUp(t *testing.T) {
	url, _ := application(t, 1000)
	o := run(t, "", "send", "--to", url, "--attempts", "3", "--first-interval", "1ms")
	assert.Equal(t, 1, o.exitStatus())
	checkGolden(t, "send-given-up", o.stdout)
	assert.Equal(t, "Attempt 1 of 3: 500; retrying\nAttempt 2 of 3: 500; retrying\n", o.stderr)

	o = run(t, "", "send", "--to", "127.0.0.1:1", "--attempts", "1")
	assert.Equal(t, 1, o.exitStatus())
	assert.Contains(t, o.stdout, "No answer   connection refused × 1")
}

// A self-signed certificate needs --ca-file or --insecure, also where the answer is lost.
func TestSendOverTLS(t *testing.T) {
	t.Setenv(secretEnv, testSecret)
	handled := make(chan string, 10)
	server := httptest.NewUnstartedServer(nethttpurlr.Verify(testSecret)(nethttpurlr.Handler(
		func(_ context.Context, e *core.Event) error {
			if e.Link.Code == "answered" {
				handled <- e.Link.Code
			}
			return nil
		})))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	authority := writeFile(t, string(pem.EncodeToMemory(
		&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))

	o := run(t, "", "send", "--to", server.URL, "--attempts", "1")
	assert.Equal(t, 1, o.exitStatus())
	assert.Contains(t, o.stdout, "certificate")
	for _, trust := range [][]string{{"--ca-file", authority}, {"--insecure"}} {
		o := run(t, "", append([]string{"send", "--to", server.URL, "--code", "answered"}, trust...)...)
		require.NoError(t, o.err, trust)
		assert.Equal(t, "answered", <-handled)
		o = run(t, "", append([]string{
			"send", "--to", server.URL, "--code", "lost", "--lose-answers", "100%", "--attempts", "1",
		}, trust...)...)
		assert.Equal(t, 1, o.exitStatus(), trust)
		assert.Contains(t, o.stdout, "1 answer lost on purpose")
	}
	o = run(t, "", "send", "--to", "https://example.com", "--insecure")
	assert.Equal(t, 2, o.exitStatus())
	assert.ErrorContains(t, o.err, "--ca-file")
}

// Incomplete answers are counted under one reason.
func TestAnswersBreakOff(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush() // the sender will see
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	o := run(t, "", "send", "--to", server.URL, "--count", "3", "--attempts", "1")
	assert.Equal(t, 1, o.exitStatus())
	assert.Contains(t, o.stdout, "No answer   unexpected EOF × 3")
}

func TestSendFields(t *testing.T) {
	var got *core.Event
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = nethttpurlr.Event(r)
		w.WriteHeader(http.StatusNoContent)
	})
	server := httptest.NewServer(nethttpurlr.Verify(testSecret)(handler))
	defer server.Close()
	o := run(t, "", "send", "--to", server.URL, "--code", "abc", "--country", "", "--city", "Liège", "--qrcode",
		"--label", "L", "--referer", "r", "--browser", "b", "--system", "s")
	require.NoError(t, o.err)
	assert.Equal(t, "abc", got.Link.Code)
	assert.Equal(t, "L", got.Link.Label)
	assert.Empty(t, got.Country)
	assert.Equal(t, []string{"Liège", "r", "b", "s"}, []string{got.City, got.Referer, got.Browser, got.System})
	assert.True(t, *got.IsQRCode)

	require.NoError(t, run(t, "", "send", "--to", server.URL, "--generation", "2023-10").err)
	assert.Nil(t, got.IsQRCode)
	assert.EqualValues(t, 10, got.Link.Folder)

	for _, args := range [][]string{{"--body", writeFile(t, `{ "event": "x" }`)}, {"--body", "-"}} {
		require.NoError(t, run(t, `{ "event": "x" }`, append([]string{"send", "--to", server.URL}, args...)...).err)
		assert.Equal(t, `{ "event": "x" }`, string(got.Raw()))
	}
}

func TestForge(t *testing.T) {
	url, handled := application(t, 0)
	t.Setenv(secretEnv, "")
	o := runAsIs(t.Context(), t, "", "send", "--to", url, "--forge", "--count", "3")
	require.NoError(t, o.err)
	assert.Contains(t, o.stdout, "401 × 3")
	assert.Contains(t, o.stdout, "as they should be")
	assert.Zero(t, handled.Load())

	open := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer open.Close()
	o = runAsIs(t.Context(), t, "", "send", "--to", open.URL, "--forge")
	assert.ErrorContains(t, o.err, "does not verify")
	assert.Equal(t, 1, o.exitStatus())

	for _, status := range []int{302, 404, 405, 429, 500, 503} { // nobody has looked at the signature
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
		}))
		o = runAsIs(t.Context(), t, "", "send", "--to", other.URL, "--forge")
		other.Close()
		assert.ErrorContains(t, o.err, "not refused", status)
		assert.Equal(t, 1, o.exitStatus())
		assert.NotContains(t, o.stdout, "as they should be")
	}
	o = runAsIs(t.Context(), t, "", "send", "--to", "127.0.0.1:1", "--forge", "--count", "2")
	assert.ErrorContains(t, o.err, "2 of 2 forged deliveries were not accepted, but not refused", "nobody answers")
}

func TestSendInterrupted(t *testing.T) {
	t.Setenv(secretEnv, testSecret)
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	o := runAsIs(ctx, t, "", "send", "--to", server.URL, "--count", "1000000")
	assert.Equal(t, 1, o.exitStatus())
	assert.Contains(t, o.stdout, "Deliveries  1, 0 acknowledged")
}

func TestSendJSON(t *testing.T) {
	url, _ := application(t, 0)
	o := run(t, "", "send", "--to", url, "--json", "--seed", "7", "--lose-answers", "100%", "--attempts", "1")
	assert.Equal(t, 1, o.exitStatus())
	checkGolden(t, "send-json", regexp.MustCompile(`"seconds":[0-9.e-]+`).ReplaceAllString(o.stdout, `"seconds":1`))
}
