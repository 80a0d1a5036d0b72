package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
)

func TestDemo(t *testing.T) {
	out := start(t, config{demo: true})
	out.waitFor(t, "refused with 401: urlr: signature mismatch")
	for _, want := range []string{
		"URLR_WEBHOOK_SECRET is not set: this run uses a random secret",
		"link_clicked  summer  Créhen, Bretagne, FR  Firefox on GNU/Linux  from https://example.com/  unique  at ",
		"link_clicked  poster  DE  Chrome on Android  by QR code  at ",
		"link_clicked  yBPhx  by a bot  at ",
	} {
		assert.Contains(t, out.String(), want)
	}
	assert.NotContains(t, out.String(), "  forged")
}

func TestReceiver(t *testing.T) {
	out := start(t, config{secret: exampletest.Secret})
	assert.Equal(t, http.StatusNoContent, exampletest.Send(t, out.url(t), exampletest.Secret, exampletest.Body).Status)
	assert.Equal(t, http.StatusUnauthorized, exampletest.Send(t, out.url(t), "forged", exampletest.Body).Status)
	out.waitFor(t, "refused with 401")
	assert.Contains(t, out.String(),
		"link_clicked  yBPhx  Créhen, FR  Firefox on GNU/Linux  unique  at 2026-05-28T20:26:40Z")
	assert.NotContains(t, out.String(), exampletest.Secret, "a real secret is never printed")
	assert.NotContains(t, out.String(), "Demo")
}

// The printed command works when pasted into a shell.
func TestCurl(t *testing.T) {
	for _, program := range []string{"bash", "curl", "openssl", "sed"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is not installed", program)
			}
			t.Skipf("%s is not installed", program)
		}
	}
	for name, secret := range map[string]string{"random secret": "", "real secret": `a 'quoted" $ecret`} {
		t.Run(name, func(t *testing.T) {
			out := start(t, config{secret: secret})
			command := regexp.MustCompile("(?m)^body=.*$").FindString(out.String())
			require.NotEmpty(t, command)
			shell := exec.CommandContext(t.Context(), "bash", "-c", command)
			shell.Env = append(os.Environ(), "URLR_WEBHOOK_SECRET="+secret, "NO_PROXY=127.0.0.1")
			answer, err := shell.CombinedOutput()
			require.NoError(t, err, "%s", answer)
			assert.Contains(t, string(answer), "204 No Content")
			out.waitFor(t, "link_clicked  from-curl  Rennes, FR")
		})
	}
}

func TestAddressInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { assert.NoError(t, taken.Close()) }()
	err = run(t.Context(), &output{}, config{addr: taken.Addr().String(), secret: "s"})
	assert.ErrorContains(t, err, "-addr")
}

func TestReachable(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:80": "127.0.0.1:80", "0.0.0.0:80": "localhost:80",
		"[::1]:80": "[::1]:80", "[::]:80": "localhost:80",
	} {
		tcp, err := net.ResolveTCPAddr("tcp", addr)
		require.NoError(t, err)
		assert.Equal(t, want, reachable(tcp))
	}
}

func TestOutputCannotControlTheTerminal(t *testing.T) {
	line := describe(&core.Event{Type: "link_clicked", Link: core.Link{Code: "a\x1b[2Jb\r\n\u202ec"}})
	assert.Equal(t, "link_clicked  a\ufffd[2Jb\ufffd\ufffd\ufffdc", line)
}

// start runs the quickstart on a free port until the test ends.
func start(t *testing.T, cfg config) *output {
	t.Helper()
	cfg.addr = "127.0.0.1:0"
	out := &output{}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx, out, cfg) }()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-done)
	})
	out.waitFor(t, "--data-binary")
	return out
}

// An output collects what the program prints.
type output struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.String()
}

func (o *output) waitFor(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(o.String(), text) },
		10*time.Second, time.Millisecond, "%s", fmt.Sprint(o))
}

func (o *output) url(t *testing.T) string {
	t.Helper()
	url := regexp.MustCompile(`http://[^/]+`).FindString(o.String())
	require.NotEmpty(t, url)
	return url
}
