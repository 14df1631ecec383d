package it

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/ward"
)

// The keys of TXT records that say what a device is. Their meaning is settled by the services that
// use them: IPP Everywhere and Bonjour printing (ty, product, usb_*, note), HomeKit and Google Cast
// (md, fn), AirPlay (model, fv, osvers, srcvers), HNAP (model_number, hardware_ver).
var (
	txtPlain        = ward.Field{Protocol: "mdns", Name: "txt"}
	txtMD           = ward.Field{Protocol: "mdns", Name: "txt md", Proves: ward.Model, Trust: ward.TrustStated}
	txtModel        = ward.Field{Protocol: "mdns", Name: "txt model", Proves: ward.Model, Trust: ward.TrustBanner}
	txtModelShown   = ward.Field{Protocol: "mdns", Name: "txt model shown"}
	txtModelNumber  = ward.Field{Protocol: "mdns", Name: "txt model_number", Proves: ward.Model, Trust: ward.TrustStated}
	txtAM           = ward.Field{Protocol: "mdns", Name: "txt am", Proves: ward.Model, Trust: ward.TrustBanner}
	txtTY           = ward.Field{Protocol: "mdns", Name: "txt ty", Proves: ward.Model, Trust: ward.TrustBanner}
	txtProduct      = ward.Field{Protocol: "mdns", Name: "txt product"}
	txtUSBMaker     = ward.Field{Protocol: "mdns", Name: "txt usb_MFG", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	txtUSBModel     = ward.Field{Protocol: "mdns", Name: "txt usb_MDL", Proves: ward.Model, Trust: ward.TrustStated}
	txtManufacturer = ward.Field{Protocol: "mdns", Name: "txt manufacturer", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	txtSerial       = ward.Field{Protocol: "mdns", Name: "txt serialNumber", Proves: ward.Serial, Trust: ward.TrustStated}
	txtHardware     = ward.Field{Protocol: "mdns", Name: "txt hardware_ver", Proves: ward.Hardware, Trust: ward.TrustStated}
	txtFV           = ward.Field{Protocol: "mdns", Name: "txt fv", Proves: ward.Firmware, Trust: ward.TrustStated}
	txtHNAPVersion  = ward.Field{Protocol: "mdns", Name: "hnap txt version", Proves: ward.Firmware, Trust: ward.TrustWeak}
	txtVersion      = ward.Field{Protocol: "mdns", Name: "txt version"}
	txtOSX          = ward.Field{Protocol: "mdns", Name: "txt osxvers"}
	txtOSVersion    = ward.Field{Protocol: "mdns", Name: "txt osvers"}
	txtSource       = ward.Field{Protocol: "mdns", Name: "txt srcvers"}
	txtFriendly     = ward.Field{Protocol: "mdns", Name: "txt fn", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	txtUUID         = ward.Field{Protocol: "mdns", Name: "txt uuid", Proves: ward.UUID, Trust: ward.TrustStated}
	txtNote         = ward.Field{Protocol: "mdns", Name: "txt note", Proves: ward.Place, Trust: ward.TrustWeak, Personal: true, Place: true}
	txtAddress      = ward.Field{Protocol: "mdns", Name: "txt mac"}
	txtCategory     = ward.Field{Protocol: "mdns", Name: "txt ci"}
	txtPlatform     = ward.Field{Protocol: "mdns", Name: "txt platform"}
	txtAETitle      = ward.Field{Protocol: "mdns", Name: "txt aet", Proves: ward.AETitle, Trust: ward.TrustStated}
	txtVendor       = ward.Field{Protocol: "mdns", Name: "txt vendor"}
)

// textField gives the field of a TXT key, or nil for one that tells nothing. key is lower case.
func textField(key []byte) *ward.Field {
	switch string(key) {
	case "md":
		return &txtMD
	case "model", "modelname", "model_name":
		return &txtModel
	case "model_number":
		return &txtModelNumber
	case "am":
		return &txtAM
	case "ty":
		return &txtTY
	case "product":
		return &txtProduct
	case "usb_mfg":
		return &txtUSBMaker
	case "usb_mdl":
		return &txtUSBModel
	case "manufacturer":
		return &txtManufacturer
	case "serialnumber", "serial":
		return &txtSerial
	case "hardware_ver":
		return &txtHardware
	case "fv", "fwversion", "fw_version", "firmware":
		return &txtFV
	case "version", "ver":
		return &txtVersion
	case "osxvers":
		return &txtOSX
	case "osvers":
		return &txtOSVersion
	case "srcvers":
		return &txtSource
	case "fn":
		return &txtFriendly
	case "uuid":
		return &txtUUID
	case "note":
		return &txtNote
	case "mac", "macaddress", "deviceid":
		return &txtAddress
	case "ci":
		return &txtCategory
	case "platform", "board":
		return &txtPlatform
	case "aet", "aetitle":
		return &txtAETitle
	case "vendor":
		return &txtVendor
	}
	return nil
}

// sayText says what the strings of a TXT record tell. A computer that shares printers repeats
// what they are; its print queues stand under "printers/" (CUPS), a printer's own do not.
func sayText(owner ward.Subject, service, data []byte, out *decode.Out) {
	if rp := textValue(data, "rp"); bytes.HasPrefix(rp, []byte("printers/")) {
		out.SayBytesOf(owner, &mdnsShares, textValue(data, "ty"))
		return
	}
	for s, rest := dns.NextText(data); s != nil; s, rest = dns.NextText(rest) {
		key, value, found := bytes.Cut(s, []byte{'='})
		if !found {
			if len(s) >= 8 && isText(s) && bytes.IndexByte(s, ' ') > 0 {
				out.SayBytesOf(owner, &txtPlain, s)
			}
			continue
		}
		var low [16]byte
		if len(key) > len(low) || len(value) == 0 {
			continue
		}
		f := textField(toLower(low[:0], key))
		if f == &txtVersion && string(service) == "_dhnap._tcp" {
			f = &txtHNAPVersion
		}
		if f == &txtModel && string(service) == "_device-info._tcp" && imitation(data, value) {
			f = &txtModelShown
		}
		if f == nil || bytes.EqualFold(value, []byte("unknown")) || f == &txtMD && string(value) == "Google Cast Group" ||
			f == &txtAM && bytes.HasPrefix(value, []byte("Shairport")) { // a program, not a device
			continue
		}
		out.SayBytesOf(owner, f, value)
	}
}

// imitation reports whether a device information record was made up by a file server that wants a
// pretty icon (netatalk, Samba): a Mac also tells the version of its system.
func imitation(data, model []byte) bool {
	if textValue(data, "osxvers") != nil {
		return false
	}
	for _, p := range [...]string{"Xserve", "RackMac", "MacSamba", "TimeCapsule", "MacPro", "Macmini", "MacBook", "iMac", "PowerMac", "PowerBook"} {
		if bytes.HasPrefix(model, []byte(p)) {
			return true
		}
	}
	return false
}

func textValue(data []byte, key string) []byte {
	for s, rest := dns.NextText(data); s != nil; s, rest = dns.NextText(rest) {
		if len(s) > len(key) && s[len(key)] == '=' && bytes.EqualFold(s[:len(key)], []byte(key)) {
			return s[len(key)+1:]
		}
	}
	return nil
}

// toLower appends b in lower case.
func toLower(dst, b []byte) []byte {
	for _, c := range b {
		if c-'A' < 26 {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
