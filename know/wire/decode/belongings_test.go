package decode

import "testing"

func TestBelonging(t *testing.T) {
	for name, want := range map[string]bool{
		"lucas-iphone.hospital.example": true, "nicksmacbook.local": true, "john-pc": true, "iphone-von-anna.lan": true, "laptop-anna": true,
		"time.windows.com": false, "android.googleapis.com": false, "pacs.hospital.example": false, "api.withings.net": false, "": false, "iphone": false,
		"watch.example": false,
	} {
		if Belonging([]byte(name)) != want {
			t.Errorf("Belonging(%q) is not %v", name, want)
		}
	}
}
