package entry

import "github.com/wardkeeper/wardkeeper/ward"

// Duty says how bad a kind of finding is, whose it is and what to do next. It never depends on a
// patient's value.
type Duty struct {
	Severity ward.Severity
	Owner    string
	Next     string
}

var duties = map[ward.FindingKind]Duty{
	ward.DeviceSwapped: {ward.Critical, "biomed",
		"Go and look which device stands there. If the exchange was planned, close this with that reason and bring the register up to date."},
	ward.PHIInClear: {ward.Critical, "network engineer",
		"Turn on TLS at both ends, or carry the connection inside an encrypted tunnel."},
	ward.DefaultCredential: {ward.High, "analyst",
		"Change the password on the device. The maker's own is public."},
	ward.ClearTextPassword: {ward.High, "analyst",
		"Change the password, and move the sign-in to an encrypted protocol."},
	ward.LegacyOS: {ward.High, "analyst",
		"Ask the maker for an upgrade; until then keep it off the internet and let it talk only to what it needs."},
	ward.SMBv1: {ward.High, "analyst",
		"Switch SMB version 1 off. If the device knows no other, let only its server reach it."},
	ward.AnonymousLogin: {ward.High, "analyst",
		"Require a name and password, or take the service off the network."},
	ward.DefaultSNMPCommunity: {ward.Attention, "network engineer",
		"Set another community, or better SNMP version 3, and limit who may ask."},
	ward.UnknownDevice: {ward.Attention, "analyst",
		"Find out what it is and label it. Devices that look like it can be labelled with it."},
	ward.IdentityContradiction: {ward.Attention, "biomed",
		"Two sources disagree on what this is. Look at the device and say which one is right."},
	ward.AddressConflict: {ward.Attention, "network engineer",
		"Two devices use one address. Give one of them another."},
	ward.ExpiredCertificate: {ward.Attention, "analyst",
		"Renew the certificate. Do not take the device off the network for it."},
	ward.SelfSignedCertificate: {ward.Info, "analyst",
		"Give it a certificate of the hospital's own authority when it is next serviced."},
	ward.ClearTextProtocol: {ward.Info, "network engineer",
		"Use the encrypted form of the protocol where the device has one."},
}

// DutyOf gives the duty that goes with a kind of finding.
func DutyOf(kind ward.FindingKind) Duty {
	if d, ok := duties[kind]; ok {
		return d
	}
	return Duty{ward.Attention, "analyst", "Look at the evidence and decide."}
}
