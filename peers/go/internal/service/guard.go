package service

// What keeps web pages away. A browser sends requests for any page that a person looks at, also to addresses that only
// this machine reaches. Two headers that no page can choose tell them from requests of programs. Host names the server
// as the page's URL does: a page whose own name was made to mean this machine is found out by it. Origin names the page
// that asks. Ports are not compared: a forwarded port is another one to its caller.

import (
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
)

// hostHeader is a host and perhaps a port. (net/http itself refuses requests with no Host, or two.)
var hostHeader = regexp.MustCompile(`^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$`)

// guard knows as which hosts a server answers, besides loopback names and the address of the connection.
type guard struct {
	allowed map[string]bool
}

func newGuard(hosts []string) guard {
	allowed := map[string]bool{}
	for _, host := range hosts {
		allowed[plainHost(host)] = true
	}
	return guard{allowed}
}

// refuse is nil for a request that no foreign page sent.
func (g guard) refuse(r *http.Request) *Problem {
	if strings.Contains(r.RequestURI, "#") {
		return refusal(http.StatusBadRequest, "the target of the request holds a fragment: '#' stands for itself as %23")
	}
	if r.Host != "" || r.ProtoAtLeast(1, 1) {
		parts := hostHeader.FindStringSubmatch(r.Host)
		if parts == nil {
			return refusal(http.StatusBadRequest, "the request must have one Host header, a host and perhaps a port")
		}
		if host := plainHost(parts[1]); !g.allowed[host] && !isLoopback(host) && host != reachedAt(r) {
			return refusal(http.StatusMisdirectedRequest, "the Host header names another server; -allowed-hosts can allow it here")
		}
	}
	origins := r.Header.Values("Origin")
	if len(origins) > 1 || len(origins) == 1 && !isOwn(origins[0], r.Host) {
		return refusal(http.StatusForbidden, "the Origin header names a page of another server; only this daemon's own may ask")
	}
	return nil
}

// isOwn is true for an origin of the server itself, which may stand behind a proxy that speaks TLS.
func isOwn(origin, host string) bool {
	return host != "" && (strings.EqualFold(origin, "http://"+host) || strings.EqualFold(origin, "https://"+host))
}

// reachedAt gives the address that the connection came to.
func reachedAt(r *http.Request) string {
	address, isKnown := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !isKnown {
		return ""
	}
	host, _, _ := net.SplitHostPort(address.String())
	return plainHost(host)
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// plainHost gives a host in one spelling: lower case, addresses as Go writes them, IPv4 out of IPv6.
func plainHost(host string) string {
	bare := strings.ToLower(strings.Trim(host, "[]"))
	if address, err := netip.ParseAddr(bare); err == nil {
		return address.Unmap().String()
	}
	return bare
}
