package identity

import "testing"

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"Lucas-iPhone": "L…-iPhone", "kawai-iPad3": "k…-iPad3", "NicksMacBook": "N…MacBook", "Luca’s iMac": "L… iMac",
		"Anna's Galaxy S9": "A… Galaxy S9", "john.doe@example.org": "j…@example.org", "Johannes": "J…",
		"HS100(EU)": "HS100(EU)", "Lightify-7B5F6B": "Lightify-7B5F6B", "Philips-hue": "Philips-hue", "GainSpanca9152": "GainSpanca9152",
		"CT-RAD-02": "CT-RAD-02", "DESKTOP-7BNKQ3F": "DESKTOP-7BNKQ3F", "KEQ0817541": "KEQ0817541", "nas1": "nas1", "iPhone": "iPhone",
		"android-93f6c13a5e1f7d2b": "android-93f6c13a5e1f7d2b", "PACS-ARCHIVE": "PACS-ARCHIVE", "iMac11,3": "iMac11,3", "DC3": "DC3", "JOHN-PC": "J…-PC", "ICU-LAPTOP": "ICU-LAPTOP", "NVR9": "NVR9", "": "",
		"D-Link DCS-935L Configuration Utility": "D-Link DCS-935L Configuration Utility", "pfSense.localdomain": "pfSense.localdomain",
	} {
		if got := Mask(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("Lucas-iPhone")
	f.Add("a@b\xff’s")
	f.Fuzz(func(t *testing.T, s string) {
		if m := Mask(s); s != "" && m == "" {
			t.Errorf("%q vanished", s)
		}
	})
}
