package wsd

import (
	"net/url"
	"strings"
)

// NamespaceMDPWS holds the type MedicalDevice (IEEE 11073-20702).
const NamespaceMDPWS = "http://standards.ieee.org/downloads/11073/11073-20702-2016"

// Medical reports whether an endpoint carries the type MedicalDevice of IEEE 11073-20702 or the
// MedicalDevice type of the drafts before it. Whoever reads discovery in general leaves these to
// the reader of SDC.
func (e *Endpoint) Medical() bool {
	for _, t := range e.Types {
		if t.Local == "MedicalDevice" && (t.Space == NamespaceMDPWS || strings.Contains(t.Space, "mdpws") ||
			strings.Contains(t.Space, "11073")) {
			return true
		}
	}
	return false
}

// Location is where an SDC device stands, as its location context says (IEEE 11073-20701): the
// parameters of a scope "sdc.ctxt.loc:/...". Empty parts are not known.
type Location struct {
	Facility, Building, Floor, PointOfCare, Room, Bed string
}

// Location finds the location context among the scopes.
func (e *Endpoint) Location() (Location, bool) {
	const scheme = "sdc.ctxt.loc:"
	for _, s := range e.Scopes {
		if len(s) < len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
			continue
		}
		_, query, _ := strings.Cut(s, "?")
		v, err := url.ParseQuery(query)
		if err != nil {
			continue
		}
		l := Location{v.Get("fac"), v.Get("bldng"), v.Get("flr"), v.Get("poc"), v.Get("rm"), v.Get("bed")}
		if l != (Location{}) {
			return l, true
		}
	}
	return Location{}, false
}

// String writes the known parts from large to small, parted by commas.
func (l Location) String() string {
	var parts []string
	for _, p := range [...]string{l.Facility, l.Building, l.Floor, l.PointOfCare, l.Room, l.Bed} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// Scope writes the location as the scope by which a device announces it.
func (l Location) Scope() string {
	detail := strings.Join([]string{l.Facility, l.Building, l.Floor, l.PointOfCare, l.Room, l.Bed}, "///")
	q := url.Values{}
	for k, v := range map[string]string{
		"fac": l.Facility, "bldng": l.Building, "flr": l.Floor, "poc": l.PointOfCare, "rm": l.Room, "bed": l.Bed,
	} {
		if v != "" {
			q.Set(k, v)
		}
	}
	return "sdc.ctxt.loc:/sdc.ctxt.loc.detail/" + url.PathEscape(detail) + "?" + q.Encode()
}
