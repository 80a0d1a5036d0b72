package forward

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
)

const maxIdlePerHost = 256 // all deliveries go to one host

// Options change how deliveries are sent. The zero value sends them as received.
type Options struct {
	Header   http.Header // replaces received headers of the same names; see ParseHeader
	Insecure bool        // accepts any certificate, for targets on this machine
	CAFile   string      // PEM file of authorities, in addition to the system's
}

// A Client sends deliveries to applications. It is safe for concurrent use.
type Client struct {
	header    http.Header
	usual     *http.Client
	unchecked *http.Client // nil without Options.Insecure
}

// NewClient returns a Client.
func NewClient(o Options) (*Client, error) {
	c := &Client{header: o.Header}
	authorities, err := authorities(o.CAFile)
	if err != nil {
		return nil, err
	}
	c.usual = newHTTPClient(&tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12})
	if o.Insecure {
		c.unchecked = newUnchecked()
	}
	return c, nil
}

// newUnchecked accepts any certificate, but connects only to this machine, whatever a name resolves
// to.
func newUnchecked() *http.Client {
	unchecked := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12} //nolint:gosec // as asked for
	client := newHTTPClient(unchecked)
	dialer := net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
		host, _, _ := net.SplitHostPort(address)
		if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
			return fmt.Errorf("the name resolves to %s, which is not this machine: --insecure does not apply", host)
		}
		return nil
	}}
	transport := client.Transport.(*http.Transport)
	transport.Proxy, transport.DialContext = nil, dialer.DialContext
	return client
}

// authorities returns nil, the system's, if no file is named.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // nil is the system's pool
	}
	content, err := os.ReadFile(file) //nolint:gosec // the path is the user's choice
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(content) {
		return nil, fmt.Errorf("%s contains no PEM certificate (BEGIN CERTIFICATE)", file)
	}
	return pool, nil
}

func newHTTPClient(config *tls.Config) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns = maxIdlePerHost
	transport.MaxIdleConnsPerHost = maxIdlePerHost
	transport.DisableCompression = true // keep the application's answer as it is
	transport.TLSClientConfig = config
	return &http.Client{
		Transport:     transport,
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// HTTPClient returns the client for a target. It verifies certificates unless Options.Insecure
// applies, follows no redirects, and gives up after 30 seconds.
func (c *Client) HTTPClient(target *url.URL) *http.Client {
	if c.unchecked != nil && IsLoopbackName(target.Hostname()) {
		return c.unchecked
	}
	return c.usual
}

// AddHeader sets the headers of Options. net/http keeps Host apart from the others.
func (c *Client) AddHeader(r *http.Request) {
	for name, values := range c.header {
		if name == "Host" {
			r.Host = values[0]
			continue
		}
		r.Header[name] = values
	}
}

// IsLoopbackName reports whether a host is always this machine: localhost, names below it, and
// addresses like 127.0.0.1.
func IsLoopbackName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// ParseHeader parses headers like "Name: value". Several values of one name are all sent. Headers
// of the connection can't be set.
func ParseHeader(lines []string) (http.Header, error) {
	h := http.Header{}
	for _, line := range lines {
		name, value, found := strings.Cut(line, ":")
		name, value = http.CanonicalHeaderKey(strings.TrimSpace(name)), strings.TrimSpace(value)
		if !found || !isToken(name) ||
			strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return nil, errors.New(`write a header like "Name: value"`)
		}
		if len(WithoutHopByHop(http.Header{name: {value}})) == 0 {
			return nil, fmt.Errorf("the header %s belongs to the connection and can't be set", name)
		}
		h.Add(name, value)
	}
	return h, nil
}

// isToken reports whether s can be the name of a header: RFC 9110, section 5.6.2.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		isLetterOrDigit := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !isLetterOrDigit && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}
