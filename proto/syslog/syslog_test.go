package syslog

import "testing"

func TestRead(t *testing.T) {
	for _, c := range []struct {
		in, host, app, text string
		cisco               bool
	}{
		{"<30>Jan  2 10:09:52 nb6 chillispot[4222]: C:192.168.2.83", "nb6", "chillispot", "C:192.168.2.83", false},
		{"<6>Mar  9 04:44:27 NDC3 kernel: IPv6: ADDRCONF(NETDEV_UP): eth0", "NDC3", "kernel", "IPv6: ADDRCONF(NETDEV_UP): eth0", false},
		{"<189>72: Mar  3 19:57:17.371: %LINK-5-CHANGED: Interface", "", "", "%LINK-5-CHANGED: Interface", true},
		{"<187>38: R1: *Sep 22 13:39:11.250: %LINK-3-UPDOWN: Interface", "R1", "", "%LINK-3-UPDOWN: Interface", true},
		{"<134>1 2022-03-02T12:39:47.689392-01:00 pfSense.localdomain suricata 37046 - - {}", "pfSense.localdomain", "suricata", "- {}", false},
		{"<14>snmpd[6956]: Connection", "", "", "snmpd[6956]: Connection", false},
		{"<189>date=2021-12-09 time=16:29:06 devid=\"FGT61E\"", "", "", "date=2021-12-09 time=16:29:06 devid=\"FGT61E\"", false},
	} {
		m, ok := Read([]byte(c.in))
		if !ok || string(m.Host) != c.host || string(m.App) != c.app || string(m.Text) != c.text || m.CiscoTime != c.cisco {
			t.Errorf("%q: host %q app %q text %q cisco %v, %v", c.in, m.Host, m.App, m.Text, m.CiscoTime, ok)
		}
	}
	for _, s := range []string{"", "<", "<abc>x", "<192>x", "<1234>x", "14> x", "<>xx"} {
		if _, ok := Read([]byte(s)); ok {
			t.Errorf("%q accepted", s)
		}
	}
}

func TestAppendAndReadAgree(t *testing.T) {
	m, ok := Read(Append(nil, 134, "2026-01-02T03:04:05Z", "sw1", "lldpd", "up"))
	if !ok || m.Version != 1 || string(m.Host) != "sw1" || string(m.App) != "lldpd" || m.Priority != 134 {
		t.Errorf("%+v, %v", m, ok)
	}
}

func TestMnemonic(t *testing.T) {
	for in, want := range map[string]string{
		"%LINK-5-CHANGED: Interface":             "%LINK-5-CHANGED",
		"%IPV6_ACL-6-ACCESSLOGP: list":           "%IPV6_ACL-6-ACCESSLOGP",
		"%ASA-6-302013: Built":                   "%ASA-6-302013",
		"load 100%: fine":                        "",
		"%5s-6-x: y":                             "",
		"%nothing at all":                        "",
		"%ABC-9-DEF: severity is only 0 to 7":    "",
		"Configured %SYS-5-CONFIG_I: by console": "%SYS-5-CONFIG_I",
	} {
		if got := string(Mnemonic([]byte(in))); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestValue(t *testing.T) {
	text := []byte(`date=2021 xdevid=no devid="FGT61E" level=notice;05=E0A1`)
	for key, want := range map[string]string{"devid": "FGT61E", "level": "notice", "05": "E0A1", "date": "2021", "none": ""} {
		if got := string(Value(text, key)); got != want {
			t.Errorf("%s = %q", key, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("<187>38: R1: *Sep 22 13:39:11.250: %LINK-3-UPDOWN: Interface"))
	f.Add([]byte("<134>1 2022-03-02T12:39:47.689392-01:00 h a 1 - - {}"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		m, _ := Read(b)
		Mnemonic(m.Text)
		Value(m.Text, "a")
	})
}
