// Package proxytest starts real proxies for tests.
package proxytest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/freeport"
)

// HAProxy starts HAProxy in front of servers, configured as the documentation recommends, and
// returns its address. It skips the test if HAProxy is not installed, but fails it in CI.
func HAProxy(t *testing.T, servers ...string) (addr string) {
	t.Helper()
	program := lookUp(t, "haproxy")
	addr = freeport.Addr(t)
	config := `
defaults
  mode http
  option abortonclose
  timeout connect 5s
  timeout client 1m
  timeout server 1m
listen receiver
  bind ` + addr + "\n"
	for i, server := range servers {
		config += fmt.Sprintf("  server s%d %s\n", i, server)
	}
	name := filepath.Join(t.TempDir(), "haproxy.cfg")
	require.NoError(t, os.WriteFile(name, []byte(config), 0o600))
	start(t, addr, program, "-db", "-f", name)
	return addr
}

// Nginx starts nginx in front of servers, with its default settings, and returns its address. It
// skips the test if nginx is not installed, but fails it in CI.
func Nginx(t *testing.T, servers ...string) (addr string) {
	t.Helper()
	program := lookUp(t, "nginx")
	addr = freeport.Addr(t)
	dir := t.TempDir()
	upstream := ""
	for _, server := range servers {
		upstream += "server " + server + "; "
	}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // who owns dir
	}
	config := fmt.Sprintf(`%s
daemon off;
worker_processes 1;
pid %[2]s/pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path %[2]s/body;
  proxy_temp_path %[2]s/proxy;
  fastcgi_temp_path %[2]s/fastcgi;
  uwsgi_temp_path %[2]s/uwsgi;
  scgi_temp_path %[2]s/scgi;
  upstream receiver { %[3]s}
  server {
    listen %[4]s;
    location / { proxy_pass http://receiver; }
  }
}
`, user, dir, upstream, addr)
	name := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(name, []byte(config), 0o600))
	start(t, addr, program, "-p", dir, "-e", "stderr", "-c", name)
	return addr
}

// lookUp returns the path of a program, which may be in a folder for administrators.
func lookUp(t *testing.T, program string) (path string) {
	t.Helper()
	for _, folder := range []string{"", "/usr/sbin", "/usr/local/sbin"} {
		if path, err := exec.LookPath(filepath.Join(folder, program)); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not installed", program)
	}
	t.Skipf("%s is not installed", program)
	return ""
}

// start runs a program until the test ends, and waits until it listens.
func start(t *testing.T, addr, program string, args ...string) {
	t.Helper()
	output := &safeBuffer{}
	process := exec.Command(program, args...) //nolint:gosec // a proxy
	process.Stdout, process.Stderr = output, output
	require.NoError(t, process.Start())
	exited := make(chan struct{})
	go func() {
		_ = process.Wait() // interrupted below
		close(exited)
	}()
	t.Cleanup(func() {
		_ = process.Process.Signal(os.Interrupt) // it may have exited already
		select {
		case <-exited:
		case <-time.After(5 * time.Second):
			_ = process.Process.Kill()
			<-exited
		}
		if t.Failed() {
			t.Logf("%s: %s", program, output)
		}
	})
	require.Eventually(t, func() bool {
		connection, err := net.Dial("tcp", addr)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	}, 10*time.Second, 10*time.Millisecond, "%s is not listening: %s", program, output)
}

// A safeBuffer is a bytes.Buffer that is safe for concurrent use.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
