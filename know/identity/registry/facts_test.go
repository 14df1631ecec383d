package registry

import "testing"

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"Cisco Systems, Inc": "Cisco", "Hewlett-Packard Company": "Hewlett Packard", "HP": "Hewlett Packard", "D-Link International": "D-Link",
		"Siemens AG,": "Siemens", "Samsung Electronics Co.,Ltd": "Samsung", "LG Electronics (Mobile Communications)": "LG",
		"Drägerwerk AG & Co. KGaA": "Dräger", "Enertex Bayern GmbH": "Enertex", "eQ-3 Entwicklung GmbH": "eQ-3", "SFR": "SFR",
		"SHENZHEN MINDRAY BIO-MEDICAL ELECTRONICS CO., LTD": "Mindray", "Rosemount Inc.": "Rosemount", "Grandstream Networks, Inc.": "Grandstream",
		"TOSHIBA_MEC": "Canon Medical", "GE MEDICAL SYSTEMS": "GE Healthcare", "Lighting Control & Design, Inc.": "Lighting Control & Design",
	} {
		if got := Canonical(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestOwnersThatSayNothing(t *testing.T) {
	for _, owner := range []string{
		"Intel Corporate", "Espressif Inc.", "Hon Hai Precision Ind. Co.,Ltd.", "VMware, Inc.", "PCS Systemtechnik GmbH", "Texas Instruments",
		"TP-LINK TECHNOLOGIES CO.,LTD.", "Liteon Technology Corporation", "Lite-On Communications Inc", "Murata Manufacturing Co., Ltd.", "3COM CORPORATION",
		"AzureWave Technology Inc.", "ASUSTek COMPUTER INC.", "Delta Electronics", "Hi-flying electronics technology Co.,Ltd", "Silicom, Ltd.",
		"RUNTOP, INC.", "CASTLENET TECHNOLOGY INC.", "MULTITECH SYSTEMS, INC.", "Private", "IEEE Registration Authority", "Microsoft Corporation",
		"Wistron Infocomm (Zhongshan) Corporation", "Realtek Semiconductor Corp.", "Elitegroup Computer Systems Co., LTD", "STMicroelectronics SRL", "Nordic Semiconductor ASA",
	} {
		if o := Judge(owner); o.Maker != "" {
			t.Errorf("%s is taken for the maker %q", owner, o.Maker)
		}
	}
	for _, owner := range []string{"Zhejiang Dahua Technology Co., Ltd.", "Technicolor Delivery Technologies", "Nest Labs Inc.", "Apple, Inc.", "Brother industries, LTD.", "OnLive, Inc."} {
		if o := Judge(owner); o.Maker == "" {
			t.Errorf("%s makes devices", owner)
		}
	}
}

func TestEndOfLife(t *testing.T) {
	for _, c := range []struct{ os, firmware, end string }{
		{"Windows 7", "", "2023-01-10"}, {"Windows XP", "", "2014-04-08"}, {"Windows Server 2008 R2", "", "2024-01-09"}, {"Windows 8.1", "", "2023-01-10"},
		{"Windows Server 2016 Standard", "", ""}, {"Windows 10", "", ""}, {"Windows Embedded Standard 7", "", ""}, {"Windows", "", ""}, {"Linux 3.14.0", "", ""},
		{"Cisco IOS", "11.2(12)P", "2016-01-31"}, {"Cisco IOS", "15.2(4)JA1", ""}, {"OpenBSD 2.6-beta", "", "2000-09-30"}, {"Ubuntu 14.04", "", ""},
	} {
		end, ok := EndOfLife(c.os, c.firmware)
		got := ""
		if ok {
			got = end.Format("2006-01-02")
		}
		if got != c.end {
			t.Errorf("%s %s: %q, want %q", c.os, c.firmware, got, c.end)
		}
	}
}
