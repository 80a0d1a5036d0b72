package forward

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// portAlone matches a port with or without a path: 3000, :3000, 3000/webhooks/urlr.
var portAlone = regexp.MustCompile(`^:?([0-9]+)([/?].*)?$`)

// ParseURL parses the URL of an application. The default scheme is http, and a port alone means
// this machine: 3000 is http://127.0.0.1:3000.
func ParseURL(s string) (*url.URL, error) {
	full := s
	if port := portAlone.FindStringSubmatch(s); port != nil {
		full = "http://127.0.0.1:" + port[1] + port[2]
	} else if !strings.Contains(s, "://") {
		full = "http://" + s
	}
	target, err := url.Parse(full)
	if err != nil || target.Hostname() == "" || !isPort(target.Port()) ||
		target.Scheme != "http" && target.Scheme != "https" {
		return nil, fmt.Errorf("%q is not the URL of an application: write it like"+
			" http://127.0.0.1:8080/webhooks/urlr, or give only the port, like 8080", s)
	}
	return target, nil
}

// isPort reports whether s is a port, or empty.
func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return s == "" || err == nil && n > 0
}
