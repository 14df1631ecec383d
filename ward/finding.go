package ward

// FindingKind names what is wrong, in the words of the scan document.
type FindingKind string

// The findings that the wire and the register raise.
const (
	UnknownDevice         FindingKind = "unknown device"
	IdentityContradiction FindingKind = "identity contradiction"
	DeviceSwapped         FindingKind = "device swapped"
	AddressConflict       FindingKind = "address conflict"
	PHIInClear            FindingKind = "phi in clear"
	ClearTextPassword     FindingKind = "clear-text password"
	DefaultCredential     FindingKind = "default credential"
	DefaultSNMPCommunity  FindingKind = "default snmp community"
	SMBv1                 FindingKind = "smbv1"
	ExpiredCertificate    FindingKind = "expired certificate"
	SelfSignedCertificate FindingKind = "self-signed certificate"
	ClearTextProtocol     FindingKind = "clear-text protocol"
	LegacyOS              FindingKind = "legacy os"
	AnonymousLogin        FindingKind = "anonymous login"
)

// Finding is something that is wrong or wants a person's look, with the devices it concerns.
type Finding struct {
	Kind     FindingKind `json:"kind"`
	Title    string      `json:"title"`
	Devices  []string    `json:"devices"`
	Evidence []Evidence  `json:"evidence"`
}

// Severity orders findings for people, worst first.
type Severity uint8

// The severities, worst first. They never derive from a patient's value.
const (
	Critical  Severity = iota // act now
	High                      // today
	Attention                 // this week
	Info
)
