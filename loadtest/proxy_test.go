package loadtest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"text/template"
	"time"

	"github.com/stretchr/testify/require"
)

// A proxy stands before the instances, as it does in production: nginx or HAProxy, with a configuration of its own.
// docs/operations.md says why they are configured like this.
type proxy struct {
	name    string
	program string
	args    func(config, dir string) []string
	config  string
}

var haproxy = proxy{
	name:    "HAProxy",
	program: "haproxy",
	args:    func(config, _ string) []string { return []string{"-db", "-q", "-f", config} },
	config: `
defaults
	mode http
	option abortonclose
	timeout connect 1s
	timeout client 30s
	timeout server 30s
frontend webhooks
	bind {{.Addr}}
	default_backend receivers
backend receivers
	balance roundrobin
{{range $n, $addr := .Instances}}	server instance{{$n}} {{$addr}}
{{end}}`,
}

var nginx = proxy{
	name:    "nginx",
	program: "nginx",
	args:    func(config, dir string) []string { return []string{"-e", "stderr", "-p", dir, "-c", config} },
	config: `
daemon off;
master_process off;
pid nginx.pid;
error_log /dev/null;
events { worker_connections 4096; }
http {
	access_log off;
	client_body_temp_path body;
	proxy_temp_path proxy;
	fastcgi_temp_path fastcgi;
	uwsgi_temp_path uwsgi;
	scgi_temp_path scgi;
	upstream receivers {
{{range .Instances}}		server {{.}};
{{end}}	}
	server {
		listen {{.Addr}};
		location / { proxy_pass http://receivers; }
	}
}
`,
}

// needs skips the test where the program is missing, but in CI it fails.
func (p proxy) needs(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath(p.program); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(p.program, " must be installed in CI")
		}
		t.Skip(p.program, " is not installed")
	}
}

// start starts the proxy before instances, until the test ends, and returns its address.
func (p proxy) start(t *testing.T, instances []string) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr = listener.Addr().String()
	require.NoError(t, listener.Close())

	dir := t.TempDir()
	config := filepath.Join(dir, p.program+".conf")
	var content bytes.Buffer
	parsed, err := template.New(p.name).Parse(p.config)
	require.NoError(t, err)
	require.NoError(t, parsed.Execute(&content, map[string]any{"Addr": addr, "Instances": instances}))
	require.NoError(t, os.WriteFile(config, content.Bytes(), 0o600))

	process := exec.Command(p.program, p.args(config, dir)...)
	var output bytes.Buffer
	process.Stdout, process.Stderr = &output, &output
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		_ = process.Process.Kill()
		_ = process.Wait() // it was killed
		if t.Failed() {
			t.Log(output.String())
		}
	})
	require.Eventually(t, func() bool {
		connection, err := net.DialTimeout("tcp", addr, time.Second)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	}, 10*time.Second, 10*time.Millisecond, fmt.Sprintf("%s does not listen", p.name))
	return addr
}
