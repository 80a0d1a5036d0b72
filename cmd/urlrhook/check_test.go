package main

import (
	"context"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

// gaps matches the padding after times, whose width varies.
var gaps = regexp.MustCompile(`(in \S+?s) +`)

// The output of check for a correct receiver, and for one that verifies nothing.
func TestCheck(t *testing.T) {
	url, handled := application(t, 0)
	o := run(t, "", "check", "--to", url)
	require.NoError(t, o.err)
	checkGolden(t, "check", gaps.ReplaceAllString(o.stdout, "$1  "))
	assert.GreaterOrEqual(t, handled.Load(), int64(17), "all that is authentic")

	anything := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer anything.Close()
	o = run(t, "", "check", "--to", anything.URL)
	assert.ErrorContains(t, o.err, "checks failed")
	assert.Equal(t, 1, o.exitStatus())
	checkGolden(t, "check-anything", gaps.ReplaceAllString(o.stdout, "$1  "))
}

func TestCheckJSON(t *testing.T) {
	url, _ := application(t, 0)
	o := run(t, "", "check", "--to", url, "--json", "--count-command", "echo 5")
	assert.Equal(t, 1, o.exitStatus(), "it counts nothing")
	assert.Contains(t, o.stderr, "Running 25 checks")
	all := objects(t, o.stdout)
	assert.Len(t, all, 25)
	assert.Equal(t, "authentic-2026-05", all[0]["name"])
	assert.Equal(t, "fail", all[0]["outcome"])
	assert.EqualValues(t, 204, all[0]["status"])
	assert.EqualValues(t, 0, all[0]["counted"])
	assert.Contains(t, all[0]["fix"], "so it is lost")
}

// Without --yes, check sends nothing to another machine, but lists what it would send.
func TestCheckElsewhere(t *testing.T) {
	o := run(t, "", "check", "--to", "https://example.com/hook")
	assert.ErrorContains(t, o.err, "nothing was sent")
	assert.Equal(t, 2, o.exitStatus())
	assert.Contains(t, o.stdout, "- a delivery without x-signature")
}

func TestCheckCannot(t *testing.T) {
	url, handled := application(t, 0)
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"nobody":     {[]string{"--to", "127.0.0.1:1"}, "nobody answers"},
		"two counts": {[]string{"--to", url, "--count-url", url, "--count-command", "x"}, "use either"},
		"no count":   {[]string{"--to", url, "--count-command", "echo none"}, "no number"},
		"no time":    {[]string{"--to", url, "--timeout", "0s"}, "--timeout"},
		"no address": {[]string{"--to", url, "--count-url", "ftp://x"}, "not the URL"},
	} {
		o := run(t, "", append([]string{"check"}, test.args...)...)
		assert.ErrorContains(t, o.err, test.want, name)
		assert.Equal(t, 2, o.exitStatus(), name)
	}
	assert.Zero(t, handled.Load())
	t.Setenv(secretEnv, "")
	assert.ErrorContains(t, runAsIs(t.Context(), t, "", "check", "--to", url).err, "no secret")
}

// --folder-id selects a folder with its own secret.
func TestCheckOfAFolder(t *testing.T) {
	folders := map[string]bool{}
	handler := nethttpurlr.Handler(func(_ context.Context, e *core.Event) error {
		folders[e.Link.FolderID+" "+e.Link.Code] = true
		return nil
	})
	server := httptest.NewServer(nethttpurlr.Verify(testSecret)(handler))
	defer server.Close()
	require.NoError(t, run(t, "", "check", "--to", server.URL, "--folder-id", "0194a1b2-0000-7000-8000-000000000001",
		"--code", "mine").err)
	assert.True(t, folders["0194a1b2-0000-7000-8000-000000000001 mine"])
	assert.Len(t, folders, 2, "the oldest generation has no such ID")
}

func TestCheckOnANarrowTerminal(t *testing.T) {
	t.Setenv("COLUMNS", "60")
	anything := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer anything.Close()
	assertFits(t, run(t, "", "check", "--to", anything.URL).stdout, 60)
}

func TestCheckInterrupted(t *testing.T) {
	t.Setenv(secretEnv, testSecret)
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { cancel() }))
	defer server.Close()
	o := runAsIs(ctx, t, "", "check", "--to", server.URL)
	assert.ErrorContains(t, o.err, "stopped before")
	assert.Equal(t, 1, o.exitStatus())
}

// --ca-file and --insecure also apply to --count-url.
func TestCheckOverTLS(t *testing.T) {
	t.Setenv(secretEnv, testSecret)
	var clicks atomic.Int64
	var stop context.CancelFunc
	receive := nethttpurlr.Verify(testSecret)(nethttpurlr.Handler(func(context.Context, *core.Event) error {
		if clicks.Add(1) > 1 {
			stop() // the first check is enough
		}
		return nil
	}))
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			fmt.Fprint(w, clicks.Load())
			return
		}
		receive.ServeHTTP(w, r)
	}))
	defer server.Close()
	certificate := &pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}
	authority := writeFile(t, string(pem.EncodeToMemory(certificate)))
	for _, trust := range [][]string{{"--ca-file", authority}, {"--insecure"}} {
		clicks.Store(0)
		ctx, cancel := context.WithCancel(t.Context())
		stop = cancel
		o := runAsIs(ctx, t, "", append([]string{
			"check", "--to", server.URL, "--count-url", server.URL, "--json",
		}, trust...)...)
		all := objects(t, o.stdout)
		if assert.NotEmpty(t, all, "%v: %v", trust, o.err) {
			assert.EqualValues(t, 1, all[0]["counted"], trust)
		}
	}
}
