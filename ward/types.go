package ward

// Types is the vocabulary for the claim Type: value to the category that looks after it.
// A decoder or fingerprint that claims a type outside this table fails a test.
var Types = map[string]Category{
	"infusion pump": Medical, "syringe pump": Medical, "feeding pump": Medical, "pump gateway": Medical,
	"patient monitor": Medical, "central station": Medical, "telemetry receiver": Medical, "ventilator": Medical,
	"anaesthesia workstation": Medical, "dialysis machine": Medical, "incubator": Medical, "defibrillator": Medical,
	"electrocardiograph": Medical, "ultrasound": Medical, "imaging modality": Medical, "pacs": Medical,
	"dicom router": Medical, "imaging workstation": Medical, "medical printer": Medical, "contrast injector": Medical,
	"laboratory analyser": Medical, "point-of-care analyser": Medical, "laboratory system": Medical,
	"hl7 interface engine": Medical, "device gateway": Medical, "electronic health record": Medical,
	"medication cabinet": Medical, "nurse call": Medical, "smart bed": Medical, "surgical system": Medical,
	"weighing scale": Medical, "blood pressure monitor": Medical, "activity tracker": Medical, "glucose meter": Medical,
	"pulse oximeter": Medical, "thermometer": Medical, "health gateway": Medical,

	"ip camera": IoT, "video recorder": IoT, "smart plug": IoT, "smart light": IoT, "smart speaker": IoT, "smart tv": IoT,
	"media player": IoT, "kettle": IoT, "coffee machine": IoT, "iot hub": IoT, "lighting bridge": IoT, "home gateway": IoT,
	"game console": IoT, "rtls tag": IoT, "digital signage": IoT, "sensor": IoT,

	"thermostat": Building, "hvac controller": Building, "building controller": Building, "building gateway": Building,
	"industrial gateway": Building, "plc": Building, "remote i/o": Building, "communications adapter": Building,
	"access control": Building, "tank gauge": Building, "ups": Building, "power meter": Building, "elevator": Building,

	"switch": Network, "router": Network, "firewall": Network, "access point": Network, "wireless lan controller": Network,
	"load balancer": Network,

	"voip phone": IT, "printer": IT, "nas": IT, "server": IT, "workstation": IT, "phone": IT, "tablet": IT,
	"thin client": IT, "barcode scanner": IT,
}

// CategoryOf is the category of a type; Unknown for a type that is not in the table.
func CategoryOf(typ string) Category {
	if c, ok := Types[typ]; ok {
		return c
	}
	return Unknown
}
