package enip

// VendorName is the maker behind an ODVA vendor identifier, for the makers met most often; nothing
// for others. Numbers are ODVA's, as the public CIP dissectors list them (read 2026-11-23).
func VendorName(id uint16) string {
	switch id {
	case 1, 5, 77, 625, 668:
		return "Rockwell Automation"
	case 3:
		return "Honeywell"
	case 4, 620:
		return "Parker Hannifin"
	case 7:
		return "SMC"
	case 8:
		return "Molex"
	case 10:
		return "Advanced Micro Controls"
	case 12:
		return "Banner Engineering"
	case 26:
		return "Festo"
	case 37, 44:
		return "Yaskawa"
	case 40:
		return "WAGO"
	case 43:
		return "Balluff"
	case 46, 75, 593, 722:
		return "ABB"
	case 47, 252, 371:
		return "Omron"
	case 48, 256:
		return "Turck"
	case 57:
		return "Pepperl+Fuchs"
	case 68:
		return "Eaton"
	case 71:
		return "Toshiba"
	case 74, 577:
		return "Hitachi"
	case 78:
		return "Datalogic"
	case 82, 161:
		return "Mitsubishi Electric"
	case 83:
		return "Opto 22"
	case 86:
		return "Horner"
	case 87:
		return "Bürkert"
	case 90:
		return "HMS Networks"
	case 94:
		return "Advantech"
	case 97:
		return "Danfoss"
	case 100, 255, 287:
		return "Bosch Rexroth"
	case 108:
		return "Beckhoff"
	case 109:
		return "National Instruments"
	case 121:
		return "KUKA"
	case 145, 796:
		return "Siemens"
	case 176:
		return "Red Lion Controls"
	case 181:
		return "Pilz"
	case 209:
		return "Contemporary Controls"
	case 243:
		return "Schneider Electric"
	case 245, 680:
		return "Weidmüller"
	case 250, 301:
		return "Yokogawa"
	case 283:
		return "Hilscher"
	case 309:
		return "ProSoft Technology"
	case 315:
		return "SEW-Eurodrive"
	case 319:
		return "Fuji Electric"
	case 322:
		return "ifm electronic"
	case 345:
		return "Endress+Hauser"
	case 356, 591:
		return "Fanuc"
	case 367:
		return "Keyence"
	case 445:
		return "Lenze"
	case 511, 771, 808:
		return "SICK"
	case 562:
		return "Phoenix Contact"
	case 634:
		return "Hirschmann"
	case 640:
		return "Murrelektronik"
	case 666:
		return "Mettler-Toledo"
	case 678:
		return "Cognex"
	case 841:
		return "Panduit"
	}
	return ""
}
