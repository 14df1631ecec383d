package registry

import (
	"slices"
	"strings"
)

// osParents says which operating system is built on which.
var osParents = map[string]string{
	"ubuntu": "linux", "debian": "linux", "centos": "linux", "red hat": "linux", "fedora": "linux", "suse": "linux", "kali": "linux",
	"android": "linux", "openwrt": "linux", "raspbian": "linux", "chrome os": "linux", "webos": "linux", "tizen": "linux",
	"dsm": "linux", "alpine": "linux", "oracle linux": "linux", "rocky": "linux", "almalinux": "linux", "routeros": "linux",
	"vmware esxi": "esxi", "pfsense": "freebsd", "opnsense": "freebsd", "junos": "freebsd", "truenas": "freebsd",
	"ipados": "ios", "ios xe": "cisco ios", "ios-xe": "cisco ios", "ios xr": "cisco ios", "nx-os": "cisco nx-os",
	"fire os": "android", "wind river": "linux", "yocto": "linux", "fortios": "linux", "arubaos": "linux", "pan-os": "linux",
}

// System is an operating system's name without version, in lower case, and the words of the version.
func System(v string) (name string, version []string) {
	v = strings.ToLower(v)
	for _, n := range osNames {
		if i := strings.Index(v, n[0]); i >= 0 && wordAt(v, i, len(n[0])) {
			rest := tokens(v[:i] + " " + v[i+len(n[0]):])
			return n[1], slices.DeleteFunc(rest, func(t string) bool { return osNoise[t] })
		}
	}
	t := tokens(v)
	if len(t) == 0 {
		return v, nil
	}
	return t[0], t[1:]
}

func wordAt(s string, i, n int) bool {
	letter := func(c byte) bool { return c >= 'a' && c <= 'z' }
	return (i == 0 || !letter(s[i-1])) && (i+n == len(s) || !letter(s[i+n]))
}

// osNames lists spellings, the particular before the general.
var osNames = [][2]string{
	{"mac os x", "macos"}, {"os x", "macos"}, {"macos", "macos"}, {"ipados", "ipados"}, {"apple ios", "ios"},
	{"ios-xe", "ios xe"}, {"ios xe", "ios xe"}, {"ios xr", "ios xr"}, {"cisco ios", "cisco ios"}, {"windows ce", "windows ce"},
	{"windows embedded compact", "windows ce"}, {"windows server", "windows server"}, {"windows", "windows"},
	{"red hat", "red hat"}, {"chrome os", "chrome os"}, {"oracle linux", "oracle linux"}, {"wind river", "wind river"},
	{"fire os", "fire os"}, {"ubuntu", "ubuntu"}, {"debian", "debian"}, {"centos", "centos"}, {"fedora", "fedora"}, {"suse", "suse"},
	{"kali", "kali"}, {"android", "android"}, {"openwrt", "openwrt"}, {"raspbian", "raspbian"}, {"alpine", "alpine"},
	{"vxworks", "vxworks"}, {"pfsense", "pfsense"}, {"freebsd", "freebsd"}, {"linux", "linux"}, {"ios", "ios"},
}

var osNoise = map[string]bool{"microsoft": true, "cisco": true, "apple": true, "gnu": true, "or": true, "lts": true, "software": true, "version": true}

// Above reports whether a system, by the name System gives, is what another is built on: linux is
// above ubuntu.
func Above(a, b string) bool {
	if a == "windows" && (b == "windows server" || b == "windows ce") {
		return true
	}
	for range 3 {
		p, ok := osParents[b]
		if !ok {
			return false
		}
		if p == a {
			return true
		}
		b = p
	}
	return false
}
