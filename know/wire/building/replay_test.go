package building

import (
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
)

// said is everything the decoders of this package say of a capture, apart from who speaks what.
func said(t *testing.T, capture string) []string {
	t.Helper()
	lines := decodetest.Capture(t, capture, Decoders())
	return slices.DeleteFunc(lines, func(l string) bool { return strings.Contains(l, ": speaks ") })
}

// captures lists what is said of each shared capture: exactly this, and nothing of anybody else.
var captures = []struct {
	capture string
	want    []string
}{
	{"icsnpp-bacnet_error_reject_abort.pcap", []string{ // test traffic: nothing here proves anything
		"10.10.10.10: bacnet device instance = 101",
		"10.10.10.10: bacnet password to silence or restart a device = present, 8 characters",
		"10.10.10.10: bacnet unassigned vendor-identifier = 1337",
	}},
	{"icsnpp-bacnet_segmented_data.pcap", []string{
		"10.0.0.1: bacnet device instance = 0",
		"10.0.0.1: bacnet vendor-identifier = Unitec Corporation",
		"10.0.0.2: bacnet answers for its properties = building controller",
		"10.0.0.2: bacnet device instance = 254",
		"10.0.0.2: bacnet vendor-identifier = Unitec Corporation",
	}},
	{"iti-bacnet_bacnet_test.pcap", []string{
		"10.1.1.165: bacnet answers for its properties = building controller",
		"10.1.1.165: bacnet firmware-revision = 5.1.0.4400",
		"10.1.1.165: bacnet model-name = MS-NAE4510-2",
		"10.1.1.165: bacnet object-name = KBRNAE",
		"10.1.1.165: bacnet vendor-identifier = Johnson Controls Inc.",
		"10.1.1.165: bacnet vendor-name = JCI",
	}},
	{"iti-ethernetip_enip_test.pcap", enbt},
	{"suricata-enip-keywords_enip_cip_example.pcap", enbt},
	{"iti-openics_eip-rebootorrestart.pcap", []string{
		"192.168.10.120: cip answers reads of controller data = plc",
		"192.168.10.120: enip identity device type = plc",
		"192.168.10.120: enip identity product name = 1756-L61/B LOGIX5561",
		"192.168.10.120: enip identity revision = 16.020",
		"192.168.10.120: enip identity serial number = 0051823f",
		"192.168.10.120: enip identity vendor id = Rockwell Automation",
		"192.168.10.120: enip identity vendor/type/product = 1/14/54",
	}},
	{"ndpi-ethernetip.pcap", []string{
		"141.81.0.23: cip answers reads of controller data = plc",
		"141.81.0.43: cip answers reads of controller data = plc",
		"141.81.0.63: cip answers reads of controller data = plc",
		"141.81.0.83: cip answers reads of controller data = plc",
	}},
	{"iti-fox_fox_info.pcap", []string{ // nothing of 10.1.3.4, whose hello is a scanner's fixed text
		"106.68.88.119: niagara fox answers as station = building controller",
		"106.68.88.119: niagara fox app.version = 3.5.41.1",
		"106.68.88.119: niagara fox board in hostId = JACE-6",
		"106.68.88.119: niagara fox brandId = vykon",
		"106.68.88.119: niagara fox brandId of a maker = Tridium",
		"106.68.88.119: niagara fox hostId = Qnx-NPM6-0000-1490-C30C",
		"106.68.88.119: niagara fox os.name and os.version = QNX 6.3.2",
		"106.68.88.119: niagara fox station.name = Legion_HQ_V4",
		"106.68.88.119: niagara fox vm.version = 2.3",
	}},
	{"iti-modbustcp_modbus_test_data_part1.pcap", []string{
		"10.0.0.3: modbus server id = Wingpath Limited",
		"10.0.0.3: modbus server id naming a company = Wingpath Limited",
	}},
	{"ndpi-modbus.pcap", nil},
	{"zeek-modbus_modbussmall.pcap", nil},
	{"iti-omron_omron_test.pcap", cp1l},
	{"ndpi-fins.pcap", cp1l}, // nothing of the first 245 frames, in which a host talks to itself
	{"iti-profinet_profinet-rt.pcap", nil},
	{"ndpi-profinet-io-le.pcap", nil},
	{"iti-s7_s7comm_reading_plc_status.pcap", []string{
		"192.168.1.40: s7comm accepts a session = plc",
		"192.168.1.40: s7comm szl 0011 firmware = V3.2.6",
		"192.168.1.40: s7comm szl 0011 order number = 6ES7 151-8AB01-0AB0",
		"192.168.1.40: s7comm szl 001c copyright = Siemens",
		"192.168.1.40: s7comm szl 001c module type = IM151-8 PN/DP CPU",
		"192.168.1.40: s7comm szl 001c serial number = S C-C6TW74882012",
		"192.168.1.40: s7comm szl 001c station name = IM151-8-CPU",
	}},
	{"ndpi-s7comm.pcap", []string{"192.168.1.40: s7comm accepts a session = plc"}},
	{"ndpi-atg.pcap", []string{
		"20.108.25.119: atg answers with a tank inventory = tank gauge",
		"20.108.25.119: atg command set = Veeder-Root",
	}},
	{"ndpi-beckhoff_ads.pcapng", []string{
		"192.168.1.8: ads device info = I/O Server 2.11.2100",
		"192.168.1.8: ads device info = PLC Server 2.11.2103",
		"192.168.1.8: ads target description image device = CX1020",
		"192.168.1.8: ads target description image version = 3.52",
		"192.168.1.8: ads target description level = plc",
		"192.168.1.8: ads target description os = Windows CE 6.0",
		"192.168.1.8: ads target description serial = 63667",
		"192.168.1.8: ads target description target type = CX1020-CE",
		"192.168.1.8: ads target description version = 2.11.2228",
		"192.168.1.8: ads target type of an embedded controller = Beckhoff",
	}},
	{"ndpi-hart_ip.pcap", []string{
		"192.168.0.10: hart-ip command 0 expanded device type = 264e",
		"192.168.0.10: hart-ip command 0 manufacturer id = Rosemount",
		"192.168.0.10: hart-ip command 0 protocol bridge = industrial gateway",
		"192.168.0.10: hart-ip command 0 unique address = 264e0000d2",
		"192.168.0.10: hart-ip long tag = wihartgw",
	}},
	{"ndpi-knxip.pcapng", []string{"192.168.1.28: knxnet/ip answers as interface = building gateway"}},
	{"ndpi-opc-ua.pcap", []string{
		"127.0.0.1: opc ua application name = open62541-based OPC UA Application",
		"127.0.0.1: opc ua application uri = urn:open62541.server.application",
		"127.0.0.1: opc ua endpoint security policy = http://opcfoundation.org/UA/SecurityPolicy#None",
		"127.0.0.1: opc ua product uri = http://open62541.org",
	}},
}

// TestCaptures replays them.
func TestCaptures(t *testing.T) {
	for _, c := range captures {
		t.Run(c.capture, func(t *testing.T) {
			got, want := said(t, c.capture), slices.Sorted(slices.Values(c.want))
			if !slices.Equal(got, want) {
				t.Errorf("said\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// The two devices that stand in two captures each.
var (
	enbt = []string{
		"10.1.1.164: enip identity device type = communications adapter",
		"10.1.1.164: enip identity product name = 1756-ENBT/A",
		"10.1.1.164: enip identity revision = 4.003",
		"10.1.1.164: enip identity serial number = 00524d8e",
		"10.1.1.164: enip identity vendor id = Rockwell Automation",
		"10.1.1.164: enip identity vendor/type/product = 1/12/58",
	}
	cp1l = []string{
		"10.1.1.164: omron fins answers controller data read = Omron",
		"10.1.1.164: omron fins answers controller data read = plc",
		"10.1.1.164: omron fins controller model = CP1L-EL20DR-D",
		"10.1.1.164: omron fins controller version = 01.00",
	}
)

// TestManyDevicesBehindOneAddress checks that each of thirty devices behind one hardware address
// speaks for itself, and that the workstation asking them is not described.
func TestManyDevicesBehindOneAddress(t *testing.T) {
	got := strings.Join(said(t, "icsnpp-bacnet_example.pcap"), "\n") + "\n"
	for _, want := range []string{
		"172.20.32.100: bacnet vendor-identifier = PowerCold Comfort Air Solutions Inc.\n", "172.20.32.100: bacnet model-name = GHU-026\n", "172.20.32.100: bacnet firmware-revision = 5.6.1\n",
		"172.20.32.101: bacnet vendor-identifier = Duksan Mecasys Co. Ltd.\n", "172.20.32.101: bacnet model-name = HVY-869\n", "172.20.32.101: bacnet firmware-revision = 0.0.7\n",
		"172.20.32.102: bacnet vendor-identifier = Lighting Control & Design Inc.\n", "172.20.32.102: bacnet model-name = CIJ-439\n", "172.20.32.102: bacnet firmware-revision = 5.1.9\n",
		"172.20.32.106: bacnet vendor-identifier = DAIKIN Industries Ltd.\n", "172.20.32.106: bacnet model-name = EFV-321\n", "172.20.32.106: bacnet firmware-revision = 0.7.5\n",
		"172.20.32.114: bacnet vendor-identifier = WILO SE\n", "172.20.32.114: bacnet model-name = ZAC-176\n", "172.20.32.114: bacnet firmware-revision = 2.6.4\n",
		"172.20.32.116: bacnet vendor-identifier = Siemens Schweiz AG\n", "172.20.32.116: bacnet model-name = RCG-525\n", "172.20.32.116: bacnet firmware-revision = 1.4.7\n",
		"172.20.32.116: bacnet answers for its properties = building controller\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not said: %s", want)
		}
	}
	if strings.Contains(got, "172.20.32.200: ") {
		t.Error("the one who asks was described")
	}
	if n := strings.Count(got, "model-name = "); n != 30 {
		t.Errorf("%d models, want 30", n)
	}
}

// TestOtherCapturesAreLeftAlone replays the captures of other protocols: none of their bytes may be
// taken for a protocol of buildings or industry.
func TestOtherCapturesAreLeftAlone(t *testing.T) {
	for _, capture := range []string{
		"arkime-mqtt_synthetic.pcap", "ndpi-capwap.pcap", "ndpi-dns_exfiltration.pcap", "ndpi-ftp.pcap", "ndpi-hl7.pcap", "ndpi-iphone.pcap", "ndpi-ipp.pcap",
		"ndpi-kerberos-login.pcap", "ndpi-nest_log_sink.pcap", "ndpi-netbios.pcap", "ndpi-rtsp.pcap", "ndpi-sip.pcap", "ndpi-syslog.pcap", "ndpi-tftp.pcap",
		"ndpi-tuya_lp.pcap", "ndpi-vnc.pcap", "sentinel-d-linkcam_setup-a-3.pcap", "sentinel-huebridge_setup-a-3.pcap", "sentinel-wemoswitch_setup-a-6.pcap",
		"zeek-ftp_bruteforce.pcap", "zeek-nmap-vsn.pcap", "zeek-rdp_rdp-to-ssl.pcap", "zeek-smb_smb1.pcap", "zeek-snmp_snmpwalk-short.pcap", "zeek-tls_heartbleed.pcap",
	} {
		t.Run(capture, func(t *testing.T) {
			if lines := decodetest.Capture(t, capture, Decoders()); len(lines) > 0 {
				t.Errorf("said %q", lines)
			}
		})
	}
}
