package gear

import "testing"

// TestCaptures holds the decoders to real captures: what must be said of whom, and what must not.
func TestCaptures(t *testing.T) {
	for _, c := range captures {
		t.Run(c.file, func(t *testing.T) { capture(t, c.file, c.want, c.never) })
	}
}

var captures = []struct {
	file  string
	want  []string
	never []string
}{
	{"arkime-wireshark-lldp.pcap", []string{
		"00:01:30:f9:ad:a0: lldp system name = Summit300-48",
		"00:01:30:f9:ad:a0: lldp system description = Summit300-48 - Version 7.4e.1 (Build 5) by Release_Master 05/27/05 04:53:11",
		"00:01:30:f9:ad:a0: lldp enabled capabilities = switch",
		"00:13:21:57:ca:7f: lldp enabled capabilities = switch",
		"00:13:21:57:ca:7f: lldp management address = 15.255.122.148",
	}, []string{"00:04:96:1f:a7:26: lldp enabled"}},
	{"zeek-cdp-v1.pcap", []string{
		"00:e0:1e:d5:d5:15: cdp platform = cisco 1601",
		"00:e0:1e:d5:d5:15: cdp platform model = 1601",
		"00:e0:1e:d5:d5:15: cdp capabilities = router",
		"binding 00:e0:1e:d5:d5:15 192.168.10.1 cdp",
	}, nil},
	{"ndpi-capwap.pcap", []string{
		"b8:38:61:f3:05:ac: cdp platform model = AIR-CAP2602I-Q-K9",
		"b8:38:61:f3:05:ac: cdp capabilities = access point",
		"192.168.10.10: capwap asks for a controller = access point",
		"192.168.10.9: capwap answers as controller = wireless lan controller",
		"192.168.10.9: capwap AC name = Cisco2504",
		"192.168.10.9: capwap AC software version = 7.5.102.0",
	}, []string{"= router"}},
	{"iti-openics_eip-rebootorrestart.pcap", []string{
		"00:1e:f6:73:59:81: stp sends BPDUs = switch",
		"00:1e:f6:73:59:81: stp bridge id = 00:1e:f6:73:59:80",
	}, nil},
	{"arkime-snmpv3_synthetic.pcap", []string{
		"10.0.0.202: finding default snmp community (snmp community = public)",
	}, []string{"snmp agent", "admin_user", "clear-text"}},
	{"zeek-snmp_snmpwalk-short.pcap", []string{
		"138.68.10.203: snmp sysDescr = Linux ubuntu-512mb-sfo2-01 4.4.0-31-generic #50~14.04.1-Ubuntu SMP Wed Jul 13 01:07:32 UTC 2016 x86_64",
		"138.68.10.203: snmp sysObjectID = 1.3.6.1.4.1.8072.3.2.10",
		"138.68.10.203: snmp answers = snmp agent",
		"138.68.10.203: finding default snmp community (snmp community = public)",
	}, []string{"138.68.14.240: snmp", "clear-text"}},
	{"ndpi-telnet.pcap", []string{
		"192.168.0.1: telnet banner = OpenBSD/i386 (oof) (ttyp2)",
		"192.168.0.1: telnet banner = OpenBSD 2.6-beta (OOF) #4: Tue Oct 12 20:42:32 CDT 1999",
		"192.168.0.2: finding clear-text password (telnet password = present, 4 characters)",
	}, []string{"fake", "yahoo", "zing", "default credential"}},
	{"ndpi-ftp.pcap", []string{
		"90.130.70.73: ftp banner = (vsFTPd 3.0.3)",
		"192.168.1.212: ftp CLNT = NcFTP 3.2.6 macosx10.13",
		"90.130.70.73: finding anonymous login (ftp USER = anonymous, accepted)",
		"90.130.70.73: speaks ftp-data",
	}, []string{"clear-text password", "NcFTP@", "default credential"}},
	{"zeek-ftp_bruteforce.pcap", []string{
		"192.168.56.101: ftp banner = redmint FTP server (Version 6.4/OpenBSD/Linux-ftpd-0.17) ready.",
	}, []string{"default credential", "anonymous", "bro"}},
	{"ndpi-kerberos-login.pcap", []string{
		"10.5.3.1: kerberos answers as KDC = server",
		"10.5.3.1: kerberos realm = DENYDC.COM",
		"192.168.10.3: kerberos answers as KDC = server",
		"192.168.10.12: kerberos machine account = UBUNTU64A$",
	}, []string{"= des", "= u5", "10.1.12.2: kerberos answers"}},
	{"suricata-krb5-kerberoasting_kerberoast.pcap", []string{
		"10.0.0.6: kerberos realm = OFFENSE.LOCAL",
	}, []string{"spotless", "10.0.0.2: kerberos"}},
	{"arkime-mqtt_synthetic.pcap", []string{
		"10.0.0.100: mqtt takes a session = server",
		"192.168.1.10: finding clear-text password (mqtt password = present, 9 characters)",
		"192.168.1.20: mqtt client id = legacy-device",
	}, []string{"secret", "default credential", "192.168.1.20: finding"}},
	{"suricata-mqtt311-sub-userpass.pcap", []string{
		"::1: mqtt answers CONNECT = server",
		"::1: finding clear-text password (mqtt password = present, 4 characters)",
	}, nil},
	{"ndpi-syslog.pcap", []string{
		"95.136.242.54: syslog 04 = NB6-FXC-r2",
		"95.136.242.54: syslog 05 = E0A1D718C270",
		"95.136.242.54: syslog 2A = NB6-MAIN-R3.3.4",
		"10.11.105.154: syslog devid = FGT61ETK19009449",
		"195.120.165.134: syslog hostname = pfSense.localdomain",
		"192.168.121.10: syslog cisco message = %LINK-5-CHANGED",
		"192.168.67.241: syslog cisco message = %LINK-3-UPDOWN",
		"192.168.121.2: syslog cisco message = %IPV6_ACL-6-ACCESSLOGP",
		"10.94.232.21: syslog app-name = NetworkManager",
		"10.94.232.21: syslog kernel message = docker0:",
	}, []string{"finding"}},
	{"ndpi-sip.pcap", []string{
		"192.168.1.2: sip User-Agent = Nero SIPPS IP Phone Version 2.0.51.16",
		"192.168.1.2: speaks rtp",
		"192.168.1.2: speaks rtcp",
	}, []string{"voi18063", "finding"}},
	{"ndpi-rtsp.pcap", []string{
		"10.2.2.2: rtsp sdp origin = kali",
		"10.2.2.2: rtsp Server = VLC/3.0.12",
	}, []string{"camera"}},
	{"zeek-rdp_rdp-to-ssl.pcap", []string{
		"192.168.1.150: rdp answers = rdp server",
		"192.168.1.150: rdp certificate subject = WIN2K8R2.awakecoding.ath.cx",
		"192.168.1.200: rdp mstshash = present",
	}, []string{"AWAKECODI", "finding"}},
	{"suricata-rfb-rules_00-vnc-openwall-3.7.pcap", []string{
		"192.168.1.103: vnc version = 003.007",
		"192.168.1.103: vnc security = VNC authentication",
	}, []string{"192.168.1.123: vnc", "finding"}},
	{"ndpi-vnc.pcap", []string{"192.168.2.110: vnc version = 004.001"}, []string{"95.237.48.208: vnc"}},
	{"zeek-rfb_vnc-scanner.pcap", []string{"10.0.0.149: speaks vnc"}, []string{"192.168.0.11: vnc"}},
	{"ndpi-tftp.pcap", []string{"192.168.0.10: speaks tftp"}, []string{"rfc1350"}},
	{"ndpi-bjnp.pcap", []string{"192.168.185.141: speaks bjnp"}, []string{"printer", "Canon"}},
	{"ndpi-tuya_lp.pcap", []string{"192.168.242.181: speaks tuya"}, []string{": tuya "}},
	{"ndpi-ubntac2.pcap", []string{
		"192.168.1.1: ubnt discovery model = UGW3",
		"192.168.1.1: ubnt discovery version = 4.3.33.4936086",
		"192.168.1.1: ubnt discovery firmware = UniFiSecurityGateway.ER-e120.v4.3.33.4936086.161203.2031",
	}, nil},
	{"sentinel-maxgateway_setup-a-9.pcap", []string{
		"10.10.10.129: eq-3 max serial = KEQ0817541",
		"10.10.10.129: eq-3 max H: firmware = 0113",
		"10.10.10.129: eq-3 max answers as cube = MAX! Cube",
		"81.14.202.21: ntp answers = ntp server",
	}, []string{"10.10.10.127: eq-3 max"}},
	{"sentinel-wemoswitch_setup-a-6.pcap", []string{"10.10.10.252: stun SOFTWARE = pjnath-1.8.10"}, []string{"10.10.10.252: stun answers"}},
	// Captures of other protocols: nothing here may take their bytes for its own.
	{"ndpi-synscan.pcap", nil, []string{"speaks"}},
	{"ndpi-hl7.pcap", nil, []string{"speaks"}},
	{"ndpi-s7comm.pcap", nil, []string{"speaks"}},
	{"ndpi-opc-ua.pcap", nil, []string{"speaks"}},
	{"icsnpp-bacnet_example.pcap", nil, []string{"speaks"}},
	{"zeek-tls_heartbleed.pcap", nil, []string{"speaks"}},
	{"zeek-smb_smb1.pcap", nil, []string{"speaks"}},
	{"ndpi-dns_exfiltration.pcap", nil, []string{"speaks"}},
}
