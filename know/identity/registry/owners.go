package registry

import (
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Ownership says what the owner of an address block tells about a device with such an address.
type Ownership struct {
	Owner string // as registered
	Maker string // usual name; empty when the owner makes parts, boards or virtual machines
	Known bool   // known to make whole devices
	// Gateways is the usual name of a maker of both network cards and gateways: its address on a
	// host is a card, its address on a gateway is the gateway.
	Gateways string
}

// Judge says what an owner tells.
func Judge(owner string) Ownership {
	o := Ownership{Owner: owner}
	t := tokens(owner)
	if nameless[strings.ToLower(owner)] {
		return o
	}
	if makesParts(t) {
		for _, g := range gatewayMakers {
			if strings.HasPrefix(strings.Join(t, " "), g[0]) {
				o.Gateways = g[1]
			}
		}
		return o
	}
	o.Maker = Canonical(owner)
	_, o.Known = wellKnown(o.Maker)
	return o
}

// Invented reports whether an address is one that people and tools type: a single byte after
// zeros, or a row of digits.
func Invented(m ward.MAC) bool {
	if m[0] == 0 && m[1] == 0 && m[2] == 0 || m[0] == 0 && m[2] == 0 && m[3] == 0 && m[4] == 0 {
		return true
	}
	rows := 0
	for i := 1; i < len(m); i++ {
		if m[i]-m[i-1] == 0x11 || m[i]-m[i-1] == 1 {
			rows++
		}
	}
	return rows == 5 || m[1] == m[0] && m[2] == m[0] && m[3] == m[0]
}

// nameless are entries of the registry that name nobody.
var nameless = map[string]bool{"private": true, "ieee registration authority": true, "icann, iana department": true, "": true}

// makesParts reports whether a company is known for network cards, radio modules, chips, boards,
// contract manufacture or virtual machines: its address block says nothing of who made the device
// around the part.
func makesParts(t []string) bool {
	for n := min(len(t), 3); n > 0; n-- {
		if partMakers[strings.Join(t[:n], " ")] {
			return true
		}
	}
	for _, w := range t {
		if partWords[w] {
			return true
		}
	}
	return false
}

var partWords = map[string]bool{
	"semiconductor": true, "semiconductors": true, "microelectronics": true, "microsystems": true, "silicon": true, "chip": true,
	"chips": true, "microchip": true, "module": true, "modules": true, "semicon": true, "foundry": true, "odm": true, "oem": true,
}

// gatewayMakers lists beginnings of registered names, and usual names.
var gatewayMakers = [][2]string{
	{"tp link", "TP-Link"}, {"tenda", "Tenda"}, {"asustek", "ASUS"}, {"mercury", "Mercury"}, {"shenzhen mercury", "Mercury"}, {"arcadyan", "Arcadyan"},
	{"sercomm", "Sercomm"}, {"askey", "Askey"}, {"mitrastar", "MitraStar"}, {"netcore", "Netcore"}, {"sitecom", "Sitecom"}, {"planex", "Planex"},
}

// partMakers lists beginnings of registered names.
var partMakers = setOf(`
	intel; realtek; espressif; broadcom; qualcomm; atheros; marvell; mediatek; ralink; texas instruments; nordic semiconductor;
	stmicroelectronics; nxp; freescale; infineon; atmel; cypress; dialog; redpine; nvidia; via technologies; sis; xilinx; altera;
	murata; azurewave; azure wave; liteon; lite on; usi; universal global scientific; universal scientific; hon hai; foxconn; ambit;
	cloud network technology; fn link; amp ak; ampak; alpsalpine; alps; alps electric; samsung electro mechanics; lg innotek; wistron;
	quanta; pegatron; compal; inventec; flextronics; jabil; celestica; sercomm; gemtek; arcadyan; askey; cybertan; accton;
	alpha networks; delta electronics; delta networks; gainspan; hi flying; hiflying; high flying; bilian; shenzhen bilian;
	chongqing fugui; sichuan ai link; guangzhou shirui; tyan; portwell; elitegroup; elite group; asustek; micro star; giga byte;
	gigabyte; asrock; biostar; msi; ecs; first international; mitac; clevo; shuttle; advantech; aaeon; axiomtek; kontron; congatec;
	iei; lanner; nexcom; dfi; pc engines; pcs systemtechnik; pcs computer systems; cadmus; winbond; accurate technology;
	vmware; xensource; xen; parallels; connectix; microsoft; nutanix; qemu; proxmox; red hat; digital equipment; silicom; 3com; 3 com;
	western digital; multitech; multi tech; castlenet; runtop; smc; standard microsystems; lantronix; digi international; wiznet; moxa;
	tibbo; connect one; xbee; laird; telit; sierra wireless; u blox; ublox; quectel; simcom; cinterion; inventek; roving; bluegiga;
	taiyo yuden; tdk; asix; davicom; j5create; startech; anker; ugreen; magic control; tp link; tplink; tenda; mercury; netcore;
	shenzhen mercury; sitecom; mellanox; chelsio; emulex; qlogic; solarflare; myricom; altima; abocom; cameo; edup; david electronics;
	cimsys; olimex; seeed; adafruit; arduino; globalscale; china dragon; shenzhen ogemray; fiberhome device; longcheer; bouffalo;
	annapurna labs; integrated device technology; renesas; shenzhen superelectron; em microelectronic; taicang t w electronics; t w electronics;
	shenzhen gongjin; weifang goertek; goertek; lcfc; shenzhen rf link; hunan fn link; altobeam; telechips; qorvo; acsip; mitsumi;
	chicony; qisda; cig; cambridge industries; mitrastar; benchmark electronics; artesyn; analog devices; primax; luxshare; sanmina; huaqin;
	wingtech; allwinner; shanghai mxchip; chipsea; maxlinear; fibocom; longsung; wu qi; hong kong bouffalo; jinan usr; xircom; sunplus;
	synaptics; stmicrolectronics; tonly; critical link; plexus; asiarock; arima; iton; nimbelink; hmicro; cal comp; byd precision;
	guangzhou shiyuan; shenzhen c d electronics; earda; ingram micro; universal electronics; planex; abit; aopen; soyo; contec americas;
	ungermann bass; thundercomm; hefei radio; beijing huaqinworld; shenzhen trolink; shenzhen jingxun; heltec; lilygo; m5stack; variscite;
	toradex; phytec; digi; silex; redpine signals; airgain; sparklan; mobiletek; neoway; gosuncn; meig; rolling wireless; alcor; corechip;
	beken; winner micro; shanghai high flying; itead; ai thinker; hui zhou gaoshengda; gaoshengda; tct mobile module; nanjing qinheng;
`)

// buildsRouters lists makers whose cards often are the road to somewhere else.
var buildsRouters = setOf(`Cisco; Juniper; Extreme Networks; Arista; Brocade; Fortinet; Palo Alto Networks; Check Point; Cisco Meraki; MikroTik;
	Huawei; D-Link; Netgear; Zyxel; Linksys; Ubiquiti; AVM; Technicolor; Sagemcom; Arris; Aruba; SonicWall; WatchGuard; Nokia; Ericsson; Alcatel-Lucent`)

// NetworkOnly reports whether a maker builds network equipment and next to nothing else.
func NetworkOnly(maker string) bool {
	return KindOf(maker) == ward.Network || maker == "Cisco"
}

// BuildsRouters reports whether cards of a maker often are the road to somewhere else.
func BuildsRouters(maker string) bool { return buildsRouters[maker] }

func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.SplitSeq(list, ";") {
		if w = strings.TrimSpace(w); w != "" {
			set[w] = true
		}
	}
	return set
}
