package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the networks of those that stand before this server and tell by
// X-Forwarded-For who calls.
type proxies []netip.Prefix

// caller is the address that a request comes from: the peer's or, where that is a
// trusted proxy's, the one that it tells, and so on from right to left until one is
// not trusted. What stands further left the caller may have written itself.
func (p proxies) caller(r *http.Request) string {
	at, ok := address(r.RemoteAddr)
	if !ok {
		return r.RemoteAddr
	}
	told := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, before := range slices.Backward(told) {
		next, ok := address(strings.TrimSpace(before))
		if !ok || !p.trust(at) {
			break
		}
		at = next
	}
	return at.String()
}

func (p proxies) trust(at netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(at) })
}

// address reads one with a port or without.
func address(text string) (netip.Addr, bool) {
	at, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		var with netip.AddrPort
		with, err = netip.ParseAddrPort(text)
		at = with.Addr()
	}
	return at.Unmap().WithZone(""), err == nil
}
