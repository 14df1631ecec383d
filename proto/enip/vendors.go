package enip

import "slices"

// VendorName is the maker behind an ODVA vendor identifier, for the makers met most often; nothing
// for others.
func VendorName(id uint16) string {
	i, ok := slices.BinarySearchFunc(vendors[:], id, func(v vendor, id uint16) int { return int(v.id) - int(id) })
	if !ok {
		return ""
	}
	return vendors[i].name
}

type vendor struct {
	id   uint16
	name string
}

// vendors in order of their numbers, which are ODVA's as the public CIP dissectors list them (read
// 2026-11-23). A maker has several numbers where firms were bought.
var vendors = [...]vendor{
	{1, "Rockwell Automation"},
	{3, "Honeywell"},
	{4, "Parker Hannifin"},
	{5, "Rockwell Automation"},
	{7, "SMC"},
	{8, "Molex"},
	{10, "Advanced Micro Controls"},
	{12, "Banner Engineering"},
	{26, "Festo"},
	{37, "Yaskawa"},
	{40, "WAGO"},
	{43, "Balluff"},
	{44, "Yaskawa"},
	{46, "ABB"},
	{47, "Omron"},
	{48, "Turck"},
	{57, "Pepperl+Fuchs"},
	{68, "Eaton"},
	{71, "Toshiba"},
	{74, "Hitachi"},
	{75, "ABB"},
	{77, "Rockwell Automation"},
	{78, "Datalogic"},
	{82, "Mitsubishi Electric"},
	{83, "Opto 22"},
	{86, "Horner"},
	{87, "Bürkert"},
	{90, "HMS Networks"},
	{94, "Advantech"},
	{97, "Danfoss"},
	{100, "Bosch Rexroth"},
	{108, "Beckhoff"},
	{109, "National Instruments"},
	{121, "KUKA"},
	{145, "Siemens"},
	{161, "Mitsubishi Electric"},
	{176, "Red Lion Controls"},
	{181, "Pilz"},
	{209, "Contemporary Controls"},
	{243, "Schneider Electric"},
	{245, "Weidmüller"},
	{250, "Yokogawa"},
	{252, "Omron"},
	{255, "Bosch Rexroth"},
	{256, "Turck"},
	{283, "Hilscher"},
	{287, "Bosch Rexroth"},
	{301, "Yokogawa"},
	{309, "ProSoft Technology"},
	{315, "SEW-Eurodrive"},
	{319, "Fuji Electric"},
	{322, "ifm electronic"},
	{345, "Endress+Hauser"},
	{356, "Fanuc"},
	{367, "Keyence"},
	{371, "Omron"},
	{445, "Lenze"},
	{511, "SICK"},
	{562, "Phoenix Contact"},
	{577, "Hitachi"},
	{591, "Fanuc"},
	{593, "ABB"},
	{620, "Parker Hannifin"},
	{625, "Rockwell Automation"},
	{634, "Hirschmann"},
	{640, "Murrelektronik"},
	{666, "Mettler-Toledo"},
	{668, "Rockwell Automation"},
	{678, "Cognex"},
	{680, "Weidmüller"},
	{722, "ABB"},
	{771, "SICK"},
	{796, "Siemens"},
	{808, "SICK"},
	{841, "Panduit"},
}
