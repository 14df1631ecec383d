package prints

import (
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Class is the correlation class of a field: everything one program or one lease says is one
// witness.
func Class(f *ward.Field) string {
	switch f.Protocol {
	case "http", "upnp", "ssdp", "html", "hnap":
		if strings.Contains(strings.ToLower(f.Name), "user-agent") {
			return "user agent"
		}
		if f.Protocol != "http" {
			return "upnp"
		}
	case "netbios", "browser", "smb", "smb2", "ntlm", "ntlmssp", "dcerpc", "samr", "lsarpc":
		return "windows"
	}
	return f.Protocol
}
