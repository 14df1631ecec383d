package it

import (
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
)

// captureLines is what the devices in real captures say, and what must not be said of the others.
// A line that begins with "-" must not occur (a prefix is enough).
var captureLines = map[string][]string{
	"arkime-http-basicauth.pcap": {
		"10.0.0.2: http user-agent = Mozilla/5.0 (Windows NT 5.1; rv:32.0) Gecko/20100101 Firefox/32.0",
		"10.0.0.1: http server = cpsrvd/11.44.1.19",
		"10.0.0.2: finding clear-text password (http authorization = basic, 12 characters)",
		"-10.0.0.1: finding default", "-10.0.0.2: http request",
	},
	"arkime-smb-smb1-ascii.pcap": {
		"10.10.0.2: finding smbv1 (smb dialect = SMB 1 accepted)",
		"10.10.0.2: smb server native os = Windows Server 2008 R2 Standard 7601 Service Pack 1",
		"10.10.0.2: ntlm computer name = DC3", "10.10.0.2: ntlm os version = 6.1.7601",
		"10.10.0.3: smb client native os = Windows 2000 2195", "-10.10.0.3: smb server",
	},
	"ndpi-capwap.pcap": {
		"192.168.10.9: dtls certificate subject CN = AIR-CT2504-K9-24e9b347ae20",
		"192.168.10.9: dtls certificate subject O = Cisco Systems",
		"192.168.10.10: dtls certificate subject CN = AP3G2-b83861f305ac", "192.168.10.9: speaks capwap",
	},
	"ndpi-iphone.pcap": {
		"192.168.2.1: mdns txt model = iMac11,3", "192.168.2.1: mdns txt osxvers = 17",
		"c4:61:8b:35:82:a9: dhcp option 55 = 1,121,3,6,15,119,252", "c4:61:8b:35:82:a9: dhcp option 12 = Lucas-iPhone",
		"binding c4:61:8b:35:82:a9 192.168.2.17 dhcp", "192.168.2.17: dns query = iphone-ld.apple.com",
		"192.168.2.17: tls ja3 = 55271a105172d5f225e4704755b9b250", "-192.168.2.17: mdns",
	},
	"ndpi-ipp.pcap": {
		"10.10.10.251: ipp serves = printer", "10.10.10.251: http server = Virata-EmWeb/R6_2_1", "-10.10.10.49: ipp",
	},
	"ndpi-nest_log_sink.pcap": {"192.168.242.15: dns query = weave-logsink.nest.com"},
	"ndpi-netbios.pcap": {
		"10.0.5.9: browser os version = 6.1", "10.0.5.93: browser server = BOWIE", "10.0.4.24: netbios name = GUNNAR",
	},
	"ndpi-selfsigned.pcap": {
		"127.0.0.1: finding self-signed certificate (tls certificate = issued by its own subject)",
		"127.0.0.1: tls ja3 = 2a26b1a62e40d25d4de3babc9d532f30", "-127.0.0.1: finding expired", "-127.0.0.1: tls serves",
	},
	"ndpi-smb_frags.pcap": {
		"10.202.7.8: smb server native os = Windows Server 2016 Standard 14393",
		"10.202.211.125: smb client native os = SpinCifsClient V1", "10.202.7.8: finding smbv1 (smb dialect = SMB 1 accepted)",
	},
	"ndpi-smbv1.pcap": {
		"10.128.0.243: smb server native os = Windows 7 Ultimate 7601 Service Pack 1", "10.128.0.243: smb server name = JOHN-PC",
	},
	"ndpi-ssdp-m-search-ua.pcap": {"192.168.242.50: ssdp user-agent = Google Chrome/99.0.4844.74 Mac OS X", "-192.168.242.50: ssdp nt"},
	"sentinel-aria_setup-a-4.pcap": {
		"10.10.10.123: health upload serialNumber = 20F85ECA9152",
		"10.10.10.123: http request = GET /scale/register?serialNumber=20F85ECA9152&token&ssid", "-10.10.10.123: finding default",
	},
	"sentinel-d-linkcam_setup-a-3.pcap": {
		"10.10.10.37: http hnap VendorName = D-Link", "10.10.10.37: http hnap FirmwareVersion = 1.06",
		"10.10.10.37: mdns txt model_number = DCS-935L", "10.10.10.28: http user-agent = ksoap2-android/2.6.0+",
		"-10.10.10.28: finding", "-10.10.10.37: finding",
	},
	"sentinel-d-linkswitch_setup-c-3.pcap": {
		"10.10.10.176: mdns txt model_number = DSP-W215", "10.10.10.176: mdns hnap txt version = 0124",
		"10.10.10.176: http request = GET /router/firmware/query.aspx?model=DSP-W215_Bx_Default_FW_0222_908D78A93D6F",
	},
	"sentinel-edimaxcam1_setup-a-4.pcap": {
		"10.10.10.51: mdns txt = IC-3115W Network Camera", "10.10.10.51: ssdp location = /IPCamDesc.xml",
	},
	"sentinel-edimaxplug1101w_setup-c-4.pcap": {
		"10.10.10.186: http smartplug id = edimax", "-10.10.10.30: http smartplug",
		"10.10.10.30: finding clear-text password (http authorization = basic, 4 characters)",
		"10.10.10.186: finding default credential (http authorization = published default accepted, 4 characters)",
	},
	"sentinel-huebridge_setup-a-3.pcap": {
		"10.10.10.6: mdns txt md = BSB002", "10.10.10.6: ssdp server = Linux/3.14.0 UPnP/1.0 IpBridge/1.9.0",
		"10.10.10.6: http json swversion = 01027237", "10.10.10.6: http json apiversion = 1.9.0",
		"00:17:88:24:76:ff: dhcp option 12 = Philips-hue",
		"10.10.10.30: http user-agent = Dalvik/1.6.0 (Linux; U; Android 4.4.2; SM-N7505 Build/KOT49H)",
	},
	"sentinel-wemoswitch_setup-a-6.pcap": {"10.10.10.252: ssdp usn = uuid:Socket-1_0-221519K1100F55"},
	"sentinel-withings_setup-a-1.pcap": {
		"10.10.10.21: http user-agent = Withings UserAgent", "10.10.10.21: health upload currentfw = 881",
		"89.30.121.150: http x-powered-by = BeagleBone Black", "-10.10.10.21: http x-powered-by",
	},
	"suricata-dhcp-eve-extended-option-60.pcap": {"28:cf:da:dc:8d:76: dhcp option 60 = MSFT 5.0"},
	"suricata-smb2-06_smb_net_user.pcap": {
		"192.168.10.10: smb called = DC1.contoso.local", "192.168.10.10: smb2 dialect = 2.1",
		"192.168.10.10: speaks samr", "192.168.10.10: speaks lsarpc", "192.168.10.10: speaks smb2", "-192.168.10.10: finding",
	},
	"zeek-dhcp_dhcp_discover_param_req_and_client_id.pcap": {
		"00:0b:82:01:fc:42: dhcp option 55 = 1,3,6,42", "-00:0a:28:00:fa:41: dhcp",
	},
	"zeek-dns_mdns.pcap": {
		"10.0.2.7: mdns host name = johanna-QEMU-Virtual-Machine", "-10.0.2.7: mdns service", "-10.0.2.7: mdns instance",
	},
	"zeek-smb_smb1.pcap": {
		"192.168.1.53: smb serves domain share = server", `192.168.1.53: smb2 served path = \Windows\SYSVOL`, "-192.168.1.53: finding",
	},
	"zeek-tls_heartbleed.pcap": {
		"162.219.2.166: tls certificate subject CN = www.lilawelt.net", "162.219.2.166: tls serves = tls server",
	},
	"zeek-tls_tls-expired-cert.pcap": {
		"87.98.220.10: finding expired certificate (tls certificate = valid until 2014-03-04)", "-122.1.240.204: finding",
	},
}

// TestCaptures plays real captures and compares what is said with captureLines.
func TestCaptures(t *testing.T) {
	for name, want := range captureLines {
		t.Run(name, func(t *testing.T) {
			lines := decodetest.Capture(t, name, namesAndFiles())
			for _, w := range want {
				if not, ok := strings.CutPrefix(w, "-"); ok {
					if at := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, not) }); at >= 0 {
						t.Errorf("said %q", lines[at])
					}
				} else if !slices.Contains(lines, w) {
					t.Errorf("did not say %q; of the same field: %q", w, alike(lines, w))
				}
			}
		})
	}
}

// alike lists the lines that agree with the wanted one up to its value.
func alike(lines []string, want string) (out []string) {
	head, _, _ := strings.Cut(want, " = ")
	for _, l := range lines {
		if strings.HasPrefix(l, head) {
			out = append(out, l)
		}
	}
	return out
}
