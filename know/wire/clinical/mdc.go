package clinical

import (
	"strconv"
	"strings"
)

// mdsKinds are device terms of IEEE 11073-10101 that stand for a whole device (MDS), by reference
// identifier without MDC_DEV_, and by code. Seen in the IHE Devices Technical Framework's examples
// and the SDC device descriptions; a term that is not listed claims nothing.
var mdsKinds = []struct {
	prefix string
	code   int
	kind   string
}{
	{"PUMP_INFUS_SYRINGE", 0, "syringe pump"},
	{"PUMP_SYRINGE", 0, "syringe pump"},
	{"PUMP_INFUS_LVP", 70049, "infusion pump"},
	{"PUMP_INFUS_PCA", 0, "infusion pump"},
	{"PUMP_INFUS", 69985, "infusion pump"},
	{"MON_PHYSIO_MULTI_PARAM", 69965, "patient monitor"},
	{"MON_PHYSIO", 0, "patient monitor"},
	{"SYS_PT_VENT", 70001, "ventilator"},
	{"SYS_ANESTH", 70041, "anaesthesia workstation"},
	{"ANALY_SAT_O2", 69641, "pulse oximeter"},
	{"SPEC_PROFILE_PULS_OXIM", 528388, "pulse oximeter"},
	{"SPEC_PROFILE_BP", 528391, "blood pressure monitor"},
	{"SPEC_PROFILE_TEMP", 528392, "thermometer"},
	{"SPEC_PROFILE_SCALE", 528399, "weighing scale"},
	{"SPEC_PROFILE_GLUCOSE", 528401, "glucose meter"},
	{"SPEC_PROFILE_INSULIN_PUMP", 528403, "infusion pump"},
}

// mdsType is the kind of device of a term given by reference identifier or, when there is none, by
// code; empty for parts of devices and unknown terms.
func mdsType(term, code []byte) string {
	if len(term) > 0 {
		name, ok := strings.CutPrefix(string(term), "MDC_DEV_")
		if !ok || !strings.HasSuffix(name, "_MDS") && !strings.HasPrefix(name, "SPEC_PROFILE_") {
			return ""
		}
		for i := range mdsKinds {
			if strings.HasPrefix(name, mdsKinds[i].prefix) {
				return mdsKinds[i].kind
			}
		}
		return ""
	}
	n, err := strconv.Atoi(string(code))
	if err != nil || n == 0 {
		return ""
	}
	for i := range mdsKinds {
		if mdsKinds[i].code == n {
			return mdsKinds[i].kind
		}
	}
	return ""
}

// specKind is an entry of a production specification.
type specKind uint8

const (
	specNone specKind = iota
	specMaker
	specModel
	specSerial
	specFirmware
	specSoftware
	specHardware
)

// specification recognises the terms of the production specification (11073-10101, partition 8).
func specification(term, code []byte) specKind {
	switch string(term) {
	case "MDC_ID_MODEL_MANUFACTURER":
		return specMaker
	case "MDC_ID_MODEL_NUMBER":
		return specModel
	case "MDC_ID_PROD_SPEC_SERIAL":
		return specSerial
	case "MDC_ID_PROD_SPEC_FW":
		return specFirmware
	case "MDC_ID_PROD_SPEC_SW":
		return specSoftware
	case "MDC_ID_PROD_SPEC_HW":
		return specHardware
	}
	switch string(code) {
	case "531970":
		return specMaker
	case "531969":
		return specModel
	case "531972":
		return specSerial
	case "531976":
		return specFirmware
	case "531975":
		return specSoftware
	case "531974":
		return specHardware
	}
	return specNone
}
