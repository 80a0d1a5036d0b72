package main

import (
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
)

// isLoopback reports whether an address can be reached only from this machine.
func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// shown returns an address that people can open: localhost for all addresses of this machine.
func shown(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}

// leadsTo reports whether a URL is that of a listener on this machine, under one of its usual
// names. If it leads there under another one, the listener notices when the first delivery comes
// back.
func leadsTo(target *url.URL, addr net.Addr) bool {
	return slices.Contains(hosts(addr), net.JoinHostPort(target.Hostname(), portOf(target)))
}

// hosts returns the Host headers that browsers send for a page at an address. Another name may be
// DNS rebinding.
func hosts(addr net.Addr) []string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return []string{addr.String()}
	}
	names := []string{tcp.IP.String()}
	if tcp.IP.IsLoopback() || tcp.IP.IsUnspecified() {
		names = append(names, "localhost", "127.0.0.1", "::1")
	}
	if tcp.IP.IsUnspecified() {
		names = append(names, namesOfThisMachine()...)
	}
	all := make([]string, 0, 2*len(names))
	for _, name := range names {
		all = append(all, net.JoinHostPort(name, strconv.Itoa(tcp.Port)))
		if tcp.Port == 80 { // browsers leave out the port
			all = append(all, strings.TrimSuffix(net.JoinHostPort(name, ""), ":"))
		}
	}
	return all
}

// namesOfThisMachine returns the host name and the addresses of all interfaces.
func namesOfThisMachine() (names []string) {
	if name, err := os.Hostname(); err == nil {
		names = append(names, name)
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return names
	}
	for _, addr := range addrs {
		if ip, ok := addr.(*net.IPNet); ok {
			names = append(names, ip.IP.String())
		}
	}
	return names
}
