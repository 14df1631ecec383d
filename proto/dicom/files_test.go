package dicom

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared finds the data that is not in the repository, or skips.
func shared(t testing.TB, path string) string {
	t.Helper()
	root := os.Getenv("WARDKEEPER_DATA")
	if root == "" {
		dir, _ := os.Getwd()
		for ; dir != "/"; dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				root = filepath.Join(dir, "..", "shared", "data")
				break
			}
		}
	}
	path = filepath.Join(root, path)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: no shared data (%v); set WARDKEEPER_DATA", err)
	}
	return path
}

// body cuts the preamble and the file meta information (PS3.10) off a file and tells the encoding
// of the rest.
func body(b []byte) ([]byte, Syntax) {
	if len(b) < 132 || string(b[128:132]) != "DICM" {
		return b, ImplicitLE
	}
	b = b[132:]
	syntax := ExplicitLE
	for len(b) > 8 && binary.LittleEndian.Uint16(b) == 2 {
		size, head := int(binary.LittleEndian.Uint16(b[6:])), 8
		if vr := string(b[4:6]); vr == "OB" || vr == "UN" {
			size, head = int(binary.LittleEndian.Uint32(b[8:])), 12
		}
		if binary.LittleEndian.Uint16(b[2:]) == 0x10 {
			syntax = SyntaxOf(trim(b[head : head+size]))
		}
		b = b[head+size:]
	}
	return b, syntax
}

// TestEquipmentOfRealFiles reads the data sets of published files: what they say is listed in the
// README beside them.
func TestEquipmentOfRealFiles(t *testing.T) {
	dir := shared(t, "clinical/dicom")
	want := map[string]string{
		"CT_small.dcm":                "CT|GE MEDICAL SYSTEMS|RHAPSODE|05",
		"JPEG-lossy.dcm":              "NM|GE Medical Systems|MILLENNIUM MG|2.0",
		"JPEG2000.dcm":                "NM|GE Medical Systems|MILLENNIUM MG|2.0",
		"MR_small.dcm":                "MR|TOSHIBA_MEC|MRT50H1|V3.51*P25",
		"MR_small_bigendian.dcm":      "MR|TOSHIBA_MEC|MRT50H1|V3.51*P25",
		"MR_small_implicit.dcm":       "MR|TOSHIBA_MEC|MRT50H1|V3.51*P25",
		"SC_rgb_rle.dcm":              "OT|||",
		"dicomdir-77654033_CR1_6154":  "CR|Agfa-Gevaert AG|ADC_5146|acp_3403",
		"dicomdir-98892003_MR1_15820": "MR|Philips Medical Systems, Inc.|Eclipse 1.5T|VIA5.2",
		"liver_1frame.dcm":            "SEG|QIICR|https://github.com/fedorov/dcmqi.git|0d533f1",
		"reportsi.dcm":                "SR|Kuratorium OFFIS e.V.||",
		"rtplan.dcm":                  "RTPLAN|Manufacturer name here|Treatment Planning System name here|softwareV1",
		"MR_truncated.dcm":            "",
		"badVR.dcm":                   "",
		"UN_sequence.dcm":             "",
		"SC_rgb_jpeg_gdcm.dcm":        "OT|||",
		"rtdose.dcm":                  "RTDOSE|Manufacturer name here|Treatment Planning System name here|version 1",
		"meta_missing_tsyntax.dcm":    "",
		"empty_charset_LEI.dcm":       "",
		"dicomdir-DICOMDIR":           "",
		"image_dfl.dcm":               "|||", // deflated: not read
		"no_meta.dcm":                 "",
	}
	for name, line := range want {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		b, syntax := body(b)
		var whole, pieces DataSet
		whole.Reset(syntax)
		whole.Feed(b)
		pieces.Reset(syntax)
		for i := range b {
			pieces.Feed(b[i : i+1])
		}
		e := &whole.Equipment
		got := strings.Join([]string{
			string(whole.Modality.Bytes()), string(e.Manufacturer.Bytes()), string(e.Model.Bytes()), string(e.Software.Bytes()),
		}, "|")
		if line != "" && got != line {
			t.Errorf("%s: got %q, want %q", name, got, line)
		}
		if !bytes.Equal(s2b(&whole)[:500], s2b(&pieces)[:500]) || whole.Patient != pieces.Patient {
			t.Errorf("%s: byte by byte it reads differently", name)
		}
		if at := bytes.Index(b, []byte{0x10, 0, 0x10, 0, 'P', 'N'}); at > 0 && syntax == ExplicitLE && name != "dicomdir-DICOMDIR" { // a directory names patients in nested records
			n := int(b[at+6])
			person := trim(b[at+8 : at+8+n])
			if len(person) > 3 && bytes.Contains(s2b(&whole), person) || !whole.Patient && len(person) > 0 {
				t.Errorf("%s: the patient's name (%d bytes) was kept or not noticed", name, n)
			}
		}
	}
}
