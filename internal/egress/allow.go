package egress

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// allowed is one entry of the operator's list. One of prefix and host is set.
type allowed struct {
	prefix netip.Prefix
	host   string // lower case, no trailing dot; a name, or an address as text
	port   uint16 // 0: any
}

func parseAllowed(entries []string) ([]allowed, error) {
	var list []allowed
	for _, entry := range entries {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		a, err := parseEntry(entry)
		if err != nil {
			return nil, fmt.Errorf("OMNI_ALLOW_HOSTS: %q is no host, host:port or CIDR: %w", entry, err)
		}
		list = append(list, a)
	}
	return list, nil
}

func parseEntry(entry string) (allowed, error) {
	if strings.Contains(entry, "/") {
		prefix, err := netip.ParsePrefix(entry)
		return allowed{prefix: prefix.Masked()}, err
	}
	bare := entry
	if strings.HasPrefix(entry, "[") && strings.HasSuffix(entry, "]") {
		bare = entry[1 : len(entry)-1]
	}
	if addr, err := netip.ParseAddr(bare); err == nil {
		addr = addr.Unmap()
		return allowed{prefix: netip.PrefixFrom(addr, addr.BitLen())}, nil
	}
	host, port, err := net.SplitHostPort(entry)
	if err != nil {
		if strings.ContainsAny(entry, ":[]@ ") {
			return allowed{}, err
		}
		return allowed{host: canonical(entry)}, nil
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 || host == "" {
		return allowed{}, fmt.Errorf("no host with a port")
	}
	return allowed{host: canonical(host), port: uint16(number)}, nil
}

// canonical is the form in which hosts are compared.
func canonical(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().String()
	}
	return host
}

// matches tells whether the entry covers this name, or an address it resolved
// to, on this port.
func (a allowed) matches(host string, at netip.AddrPort) bool {
	if a.prefix.IsValid() {
		return a.prefix.Contains(at.Addr())
	}
	if a.port != 0 && a.port != at.Port() {
		return false
	}
	return a.host == host || a.host == at.Addr().String()
}
