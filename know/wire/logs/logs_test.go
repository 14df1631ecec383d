package logs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/ward"
)

// said reads lines and lists what came of them, sorted.
func said(t *testing.T, kind string, lines ...string) []string {
	t.Helper()
	r := New(nil)
	for i, l := range lines {
		if err := r.Line(kind, uint64(i+1), []byte(l)); err != nil { //nolint:gosec // small
			t.Fatal(err)
		}
	}
	o := r.Flush("test")
	var out []string
	for _, s := range o.Sightings {
		line := fmt.Sprintf("%s: %s %s = %s", s.Subject, s.Field.Protocol, s.Field.Name, s.Value)
		if s.Finding != "" {
			line = fmt.Sprintf("%s: finding %s", s.Subject, s.Finding)
		}
		if s.Field.Name != "speaks" {
			out = append(out, line)
		}
	}
	for _, b := range o.Bindings {
		out = append(out, fmt.Sprintf("binding %s %s", b.MAC, b.IP))
	}
	for _, s := range o.Stations {
		out = append(out, fmt.Sprintf("station %s %s: %d packets", s.MAC, s.IP, s.Packets))
	}
	for _, c := range o.Conversations {
		out = append(out, fmt.Sprintf("talk %s -> %s %s %s %d/%d", c.From.IP, c.To.IP, c.Service, c.Protocol, c.PacketsOut, c.Packets))
	}
	slices.Sort(out)
	return out
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestZeek(t *testing.T) {
	same(t, said(t, "conn",
		`{"ts":1772352000.5,"uid":"C1","id.orig_h":"10.1.0.5","id.orig_p":40000,"id.resp_h":"10.1.0.9","id.resp_p":104,"proto":"tcp","service":"ssl","duration":2.5,"orig_pkts":10,"resp_pkts":8,"orig_ip_bytes":1000,"resp_ip_bytes":900,"orig_l2_addr":"00:1e:f6:00:00:01"}`,
		`{"ts":"2026-03-01T08:00:05.000000Z","id.orig_h":"10.1.0.5","id.orig_p":40001,"id.resp_h":"10.1.0.9","id.resp_p":104,"proto":"tcp","service":"ssl","orig_pkts":1,"resp_pkts":0,"orig_ip_bytes":60,"resp_ip_bytes":0,"orig_l2_addr":"00:1e:f6:00:00:01"}`),
		"station 00:1e:f6:00:00:01 10.1.0.5: 11 packets",
		"station  10.1.0.9: 8 packets",
		"talk 10.1.0.5 -> 10.1.0.9 tcp/104 tls 11/19")
	same(t, said(t, "dhcp",
		`{"ts":1772352000.5,"uids":["C2"],"server_addr":"10.1.0.1","mac":"00:11:32:17:49:f0","host_name":"nas1","assigned_addr":"10.1.0.4"}`),
		"00:11:32:17:49:f0: dhcp option 12 = nas1",
		"10.1.0.1: dhcp answers = dhcp server",
		"binding 00:11:32:17:49:f0 10.1.0.4",
		"station 00:11:32:17:49:f0 : 1 packets")
	same(t, said(t, "http",
		`{"ts":1772352000.5,"id.orig_h":"10.1.0.5","id.orig_p":40000,"id.resp_h":"192.0.2.9","id.resp_p":80,"host":"updates.example","user_agent":"Mozilla/5.0 (Windows NT 6.1)"}`),
		"10.1.0.5: http host = updates.example",
		"10.1.0.5: http user-agent = Mozilla/5.0 (Windows NT 6.1)")
	same(t, said(t, "snmp",
		`{"ts":1772352000.5,"id.orig_h":"10.1.0.5","id.orig_p":4000,"id.resp_h":"10.1.0.7","id.resp_p":161,"community":"public"}`,
		`{"ts":1772352001.5,"id.orig_h":"10.1.0.5","id.orig_p":4000,"id.resp_h":"10.1.0.7","id.resp_p":161,"community":"CANARY-s3cret"}`),
		"10.1.0.5: finding default snmp community")
}

func TestEVE(t *testing.T) {
	same(t, said(t, "eve",
		`{"timestamp":"2026-03-01T08:00:00.000000+0000","event_type":"flow","src_ip":"10.1.0.5","src_port":40000,"dest_ip":"10.1.0.9","dest_port":443,"proto":"TCP","app_proto":"tls","vlan":[120],"ether":{"src_macs":["00:1e:f6:00:00:01"],"dest_macs":["00:1e:f6:00:00:02","00:1e:f6:00:00:03"]},"flow":{"pkts_toserver":5,"pkts_toclient":4,"bytes_toserver":500,"bytes_toclient":400,"start":"2026-03-01T07:59:00.000000+0000","end":"2026-03-01T08:00:00.000000+0000"}}`),
		"station 00:1e:f6:00:00:01 10.1.0.5: 5 packets",
		"station  10.1.0.9: 4 packets",
		"talk 10.1.0.5 -> 10.1.0.9 tcp/443 tls 5/9")
	same(t, said(t, "eve",
		`{"timestamp":"2026-03-01T08:00:00.000000+0000","event_type":"dns","src_ip":"10.1.0.5","src_port":5000,"dest_ip":"10.1.0.1","dest_port":53,"proto":"UDP","dns":{"type":"query","rrname":"Time.Example"}}`,
		`{"timestamp":"2026-03-01T08:00:00.010000+0000","event_type":"dns","src_ip":"10.1.0.1","src_port":53,"dest_ip":"10.1.0.5","dest_port":5000,"proto":"UDP","dns":{"type":"answer","rrname":"time.example"}}`),
		"10.1.0.1: dns answers = dns server",
		"10.1.0.5: dns query = time.example")
	same(t, said(t, "eve",
		`{"timestamp":"2026-03-01T08:00:00.000000+0000","event_type":"dhcp","src_ip":"10.1.0.1","dest_ip":"10.1.0.4","proto":"UDP","dhcp":{"type":"reply","dhcp_type":"ack","client_mac":"00:11:32:17:49:f0","assigned_ip":"10.1.0.4","hostname":"nas1"}}`),
		"00:11:32:17:49:f0: dhcp option 12 = nas1",
		"10.1.0.1: dhcp answers = dhcp server",
		"binding 00:11:32:17:49:f0 10.1.0.4",
		"station 00:11:32:17:49:f0 : 1 packets")
	if got := said(t, "eve", `{"timestamp":"2026-03-01T08:00:00.000000+0000","event_type":"stats","stats":{"uptime":1}}`); len(got) != 0 {
		t.Errorf("statistics are no device: %v", got)
	}
}

func TestBadLines(t *testing.T) {
	r := New(nil)
	for _, line := range []string{`{"ts":`, `[]`, `{"ts":"yesterday"}`, `{"ts":1,"id.orig_h":"nonsense","proto":"tcp"}`, strings.Repeat("x", maxLine+1)} {
		if err := r.Line("conn", 7, []byte(line)); err == nil || !strings.Contains(err.Error(), "line 7") {
			t.Errorf("%.40q: error %v, want one that names line 7", line, err)
		}
	}
	for _, line := range []string{"", "#separator \\x09", "  "} {
		if err := r.Line("conn", 1, []byte(line)); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
	if o := r.Flush(""); len(o.Stations)+len(o.Sightings)+len(o.Conversations) != 0 {
		t.Errorf("bad lines left something behind: %+v", o)
	}
}

func TestKind(t *testing.T) {
	for path, want := range map[string]string{
		"/var/log/zeek/conn.log": "conn", "conn.2026-03-01-08-00-00.log": "conn", "eve.json": "eve", "EVE-2026.json": "eve", "known_devices.log": "known_devices",
	} {
		if got := Kind(path); got != want {
			t.Errorf("Kind(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestMasks(t *testing.T) {
	r := New(func(string) string { return "masked" })
	if err := r.Line("dhcp", 1, []byte(`{"ts":1,"mac":"00:11:32:17:49:f0","host_name":"CANARY"}`)); err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Flush("").Sightings {
		if strings.Contains(s.Value, "CANARY") {
			t.Errorf("a personal name got through: %+v", s)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("conn", []byte(`{"ts":1772352000.5,"id.orig_h":"10.1.0.5","id.orig_p":1,"id.resp_h":"::1","id.resp_p":104,"proto":"tcp","orig_pkts":1}`))
	f.Add("eve", []byte(`{"timestamp":"2026-03-01T08:00:00.000000+0000","event_type":"smb","smb":{"dialect":"NT LM 0.12","response":{"native_os":"Windows 7"}}}`))
	f.Fuzz(func(t *testing.T, kind string, line []byte) {
		r := New(nil)
		_ = r.Line(kind, 1, line) //nolint:errcheck // any error is fine, a panic is not
		for _, s := range r.Flush("").Stations {
			if s.IP == (ward.IP{}) && s.MAC.IsZero() {
				t.Error("a station without any address")
			}
		}
	})
}
