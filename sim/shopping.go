package sim

// private is a block that the IEEE keeps private, so that it names nobody: invented makers use it.
var private = [3]byte{0xac, 0xde, 0x48}

// shoppingList is what the hospital bought. Makers of bedside devices, modalities, analysers and
// controllers are invented, and their hardware addresses come from a block that names nobody. Office and
// network equipment has the address blocks of well-known makers, so that the registry has
// something to say; nothing else about those makers is meant.
var shoppingList = []model{
	// every VLAN: a router and its access switches
	{110, 1, "router", "Cisco", "C9300-48P", "17.9.4a", "Cisco IOS XE", [3]byte{0x00, 0x1e, 0xf6}, "rt-4w", "FCW"},
	{111, 1, "router", "Cisco", "C9300-48P", "17.9.4a", "Cisco IOS XE", [3]byte{0x00, 0x1e, 0xf6}, "rt-4e", "FCW"},
	{112, 1, "router", "Cisco", "C9300-48P", "17.9.4a", "Cisco IOS XE", [3]byte{0x00, 0x1e, 0xf6}, "rt-icu", "FCW"},
	{120, 1, "router", "Cisco", "C9300-48P", "17.9.4a", "Cisco IOS XE", [3]byte{0x00, 0x1e, 0xf6}, "rt-img", "FCW"},
	{130, 1, "router", "Cisco", "C9300-48P", "17.9.4a", "Cisco IOS XE", [3]byte{0x00, 0x1e, 0xf6}, "rt-lab", "FCW"},
	{140, 1, "router", "Cisco", "C9300-48P", "17.9.4a", "Cisco IOS XE", [3]byte{0x00, 0x1e, 0xf6}, "rt-or", "FCW"},
	{150, 1, "router", "Cisco", "C9300-48P", "17.9.4a", "Cisco IOS XE", [3]byte{0x00, 0x1e, 0xf6}, "rt-bld", "FCW"},
	{160, 1, "router", "Cisco", "C9300-48P", "17.9.4a", "Cisco IOS XE", [3]byte{0x00, 0x1e, 0xf6}, "rt-sec", "FCW"},
	{200, 1, "router", "Cisco", "C9300-48P", "17.9.4a", "Cisco IOS XE", [3]byte{0x00, 0x1e, 0xf6}, "rt-off", "FCW"},
	{110, 3, "switch", "Cisco", "WS-C2960X-48FPS-L", "15.2(7)E8", "Cisco IOS", [3]byte{0x00, 0x21, 0x1b}, "sw-4w-%d", "FOC"},
	{111, 3, "switch", "Cisco", "WS-C2960X-48FPS-L", "15.2(7)E8", "Cisco IOS", [3]byte{0x00, 0x21, 0x1b}, "sw-4e-%d", "FOC"},
	{112, 2, "switch", "Cisco", "WS-C2960X-48FPS-L", "15.2(7)E8", "Cisco IOS", [3]byte{0x00, 0x21, 0x1b}, "sw-icu-%d", "FOC"},
	{120, 2, "switch", "Cisco", "WS-C2960X-48FPS-L", "15.2(7)E8", "Cisco IOS", [3]byte{0x00, 0x21, 0x1b}, "sw-img-%d", "FOC"},
	{200, 6, "switch", "Cisco", "WS-C2960X-48FPS-L", "15.2(7)E8", "Cisco IOS", [3]byte{0x00, 0x21, 0x1b}, "sw-off-%d", "FOC"},
	{200, 14, "access point", "Cisco", "AIR-AP2802I-E-K9", "8.10.185.0", "", [3]byte{0x24, 0xe9, 0xb3}, "ap-%02d", "FGL"},

	// 4 West and 4 East: 48 beds each
	{110, 44, "infusion pump", "Halden", "Volaris H3", "3.2.1", "", private, "HX-4W-%02d", "HX-"},
	{111, 42, "infusion pump", "Halden", "Volaris H3", "3.2.1", "", private, "HX-4E-%02d", "HX-"},
	{110, 18, "patient monitor", "Nordvik", "Lyra 7", "C.04.12", "", private, "NV-4W-%02d", "NV7"},
	{111, 18, "patient monitor", "Nordvik", "Lyra 7", "C.04.12", "", private, "NV-4E-%02d", "NV7"},
	{110, 1, "device gateway", "Nordvik", "Lyra Gateway", "2.1.0", "", private, "NVGW-4W", "NVG"},
	{111, 1, "device gateway", "Nordvik", "Lyra Gateway", "2.1.0", "", private, "NVGW-4E", "NVG"},
	{110, 5, "glucose meter", "Calora Point", "Glyko 2", "1.8", "", private, "GM-4W-%d", "GM2"},
	{111, 4, "glucose meter", "Calora Point", "Glyko 2", "1.8", "", private, "GM-4E-%d", "GM2"},
	{110, 1, "unknown", "", "", "", "", [3]byte{0x3a, 0x7c, 0x19}, "", ""}, // a made-up address: nobody knows whose
	{110, 6, "ward workstation", "Dell", "", "", "Windows 10", [3]byte{0x18, 0x66, 0xda}, "WS-4W-%02d", ""},
	{111, 6, "ward workstation", "Dell", "", "", "Windows 10", [3]byte{0x18, 0x66, 0xda}, "WS-4E-%02d", ""},

	// ICU: 24 beds
	{112, 48, "infusion pump", "Halden", "Volaris H3", "3.2.1", "", private, "HX-ICU-%02d", "HX-"},
	{112, 24, "syringe pump", "Halden", "Syrana S2", "2.0.7", "", private, "HS-ICU-%02d", "HS-"},
	{112, 24, "patient monitor", "Nordvik", "Lyra 9", "D.01.03", "", private, "NV-ICU-%02d", "NV9"},
	{112, 18, "ventilator", "Aerion", "Breva 500", "4.12", "", private, "BR-ICU-%02d", "BR5"},
	{112, 1, "device gateway", "Nordvik", "Lyra Gateway", "2.1.0", "", private, "NVGW-ICU", "NVG"},
	{112, 2, "blood gas analyser", "Lumen Lab", "Gas 3", "5.1.2", "", private, "BG-ICU-%d", "LG3"},
	{112, 4, "ward workstation", "Dell", "", "", "Windows 10", [3]byte{0x18, 0x66, 0xda}, "WS-ICU-%02d", ""},

	// Imaging
	{120, 2, "ct", "Helion Imaging", "Spiral 64", "VB40B", "", private, "CT%d", "OS64"},
	{120, 2, "mr", "Helion Imaging", "Field 3T", "VE11C", "", private, "MR%d", "OF3T"},
	{120, 5, "x-ray", "Brightfield", "DX Wall", "6.3", "", private, "DX%d", "RDX"},
	{120, 6, "ultrasound", "Sonora", "S8 Cart", "3.0.5", "", private, "US%d", "SS8"},
	{120, 1, "pacs", "Archiva", "Vault PACS", "9.2", "Windows Server 2019", [3]byte{0x18, 0x66, 0xda}, "PACS%d", "AV"},
	{120, 3, "imaging workstation old", "Hewlett Packard", "", "", "Windows 7", [3]byte{0x8c, 0xdc, 0xd4}, "IMG-WS-%02d", ""},
	{120, 9, "imaging workstation", "Hewlett Packard", "", "", "Windows 10", [3]byte{0x8c, 0xdc, 0xd4}, "IMG-RD-%02d", ""},

	// Laboratory
	{130, 6, "laboratory analyser", "Lumen Lab", "Chem 900", "7.4.1", "", private, "LA-%02d", "LC9"},
	{130, 3, "haematology analyser", "Lumen Lab", "Cell 40", "2.2.0", "", private, "HA-%02d", "LH4"},
	{130, 1, "laboratory system", "Dell", "", "", "Windows Server 2016", [3]byte{0x18, 0x66, 0xda}, "LIS%d", ""},
	{130, 8, "ward workstation", "Dell", "", "", "Windows 10", [3]byte{0x18, 0x66, 0xda}, "WS-LAB-%02d", ""},
	{130, 4, "printer", "Brother", "HL-L6400DW", "1.77", "", [3]byte{0x00, 0x80, 0x77}, "BRW-LAB-%d", "E7"},

	// Theatres
	{140, 8, "anaesthesia workstation", "Aerion", "Sopor A7", "3.3", "", private, "SA-OR%d", "SA7"},
	{140, 8, "patient monitor", "Nordvik", "Lyra 9", "D.01.03", "", private, "NV-OR%d", "NV9"},
	{140, 24, "syringe pump", "Halden", "Syrana S2", "2.0.7", "", private, "HS-OR-%02d", "HS-"},
	{140, 8, "surgical display", "Sonora", "View 4K", "1.4", "", private, "SV-OR%d", "SV4"},

	// Building
	{150, 36, "hvac controller", "Klima Controls", "KC-300", "4.1.7", "", private, "AHU-%02d", "KC3"},
	{150, 2, "building controller", "Klima Controls", "KC-Master", "5.0.2", "QNX", private, "BMS-%d", "KCM"},
	{150, 8, "plc", "Siemens", "CPU 1511-1 PN", "V2.9.4", "", [3]byte{0x00, 0x1b, 0x1b}, "PLC-%02d", "S C-"},
	{150, 3, "ups", "Voltara", "Line 20", "2.6", "", private, "UPS-%d", "VL2"},
	{150, 1, "tank gauge", "Veeder-Root", "", "327.04", "", private, "FUEL-%d", ""},

	// Badge, video
	{160, 30, "ip camera", "Optara", "Dome 4", "10.7.2", "", private, "CAM-%02d", "OD4"},
	{160, 22, "badge reader", "Ostia", "Gate R1", "1.9.3", "", private, "GATE-%02d", "OR1"},
	{160, 2, "video recorder", "Optara", "NVR 64", "4.0.1", "", private, "NVR-%d", "ON6"},

	// Office
	{200, 117, "office workstation", "Dell", "", "", "Windows 11", [3]byte{0x18, 0x66, 0xda}, "PC-%03d", ""},
	{200, 20, "office mac", "Apple", "", "", "macOS", [3]byte{0xa8, 0x20, 0x66}, "mac-%02d", ""},
	{200, 12, "printer", "Brother", "HL-L6400DW", "1.77", "", [3]byte{0x00, 0x80, 0x77}, "BRW-%02d", "E7"},
	{200, 26, "voip phone", "Grandstream", "GRP2614", "1.0.5.67", "", [3]byte{0x00, 0x0b, 0x82}, "phone-%02d", "GS"},
	{200, 3, "domain controller", "Hewlett Packard", "", "", "Windows Server 2019", [3]byte{0x8c, 0xdc, 0xd4}, "DC%d", ""},
	{200, 1, "health record", "Dell", "", "", "Windows Server 2019", [3]byte{0x18, 0x66, 0xda}, "HIS%d", ""},
	{200, 1, "pump server", "Dell", "", "", "Windows Server 2019", [3]byte{0x18, 0x66, 0xda}, "pumpserver%d", ""},
	{200, 1, "interface engine", "Hewlett Packard", "", "", "Linux", [3]byte{0x8c, 0xdc, 0xd4}, "engine%d", ""},
	{200, 2, "nas", "Synology", "DS1621+", "7.2.1", "", [3]byte{0x00, 0x11, 0x32}, "nas%d", "SY"},
	{200, 2, "wearables gateway", "Bandwise", "Hub 2", "3.1", "", private, "BW-HUB-%d", "BW2"},
}
