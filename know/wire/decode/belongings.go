package decode

import "bytes"

// belongings are what names of personal things end in or hold: people put their own name before it.
var belongings = [][]byte{
	[]byte("iphone"), []byte("ipad"), []byte("ipod"), []byte("macbook"), []byte("imac"), []byte("macmini"), []byte("mac-mini"), []byte("laptop"),
	[]byte("desktop"), []byte("notebook"), []byte("-pc"), []byte("phone"), []byte("tablet"), []byte("watch"), []byte("galaxy"), []byte("pixel"),
	[]byte("android"), []byte("chromebook"), []byte("-air"), []byte("-mbp"),
}

// Belonging reports whether the first label of a domain name, in lower case, is the name of a
// personal thing ("lucas-iphone.hospital.example"), so that it may hold a person's name. A bare
// product word ("android.example") is none.
func Belonging(name []byte) bool {
	label, _, _ := bytes.Cut(name, []byte("."))
	for _, b := range belongings {
		if bytes.Equal(label, b) {
			return false
		}
	}
	for _, b := range belongings {
		if i := bytes.Index(label, b); i > 0 || i == 0 && len(label) > len(b) && label[len(b)] == '-' {
			return true
		}
	}
	return false
}
