package proxyheaders

import (
	"fmt"
	"net/netip"
	"strings"
)

// ParseTrusted parses a list of addresses and networks, such as
// "10.0.0.0/8, 192.0.2.7". The error names the invalid entry.
func ParseTrusted(list string) ([]netip.Prefix, error) {
	var trusted []netip.Prefix
	for entry := range strings.SplitSeq(list, ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(entry)
		if err != nil {
			address, err := netip.ParseAddr(entry)
			if err != nil || address.Zone() != "" {
				return nil, fmt.Errorf("%q is neither an address nor a network", entry)
			}
			prefix = netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen())
		}
		if prefix.Bits() == 0 {
			return nil, fmt.Errorf("%q would trust everybody", entry)
		}
		trusted = append(trusted, prefix.Masked())
	}
	return trusted, nil
}
