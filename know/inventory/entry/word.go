// Package entry is what the register keeps of one device: the claims, the words of people and of
// other registers beside them, and the row that follows from all that. It reads and writes nothing.
package entry

import "time"

// Effective is the value that counts for an attribute and whose word it is.
type Effective struct {
	Value      string  `json:"value"`
	Confidence float64 `json:"confidence"`
	By         string  `json:"by"`      // "evidence", "person" or "register"
	Against    int     `json:"against"` // values that speak against it
}

// Override is what a person says about an attribute.
type Override struct {
	Value  string    `json:"value"`
	Reason string    `json:"reason"`
	By     string    `json:"by"` // person's name
	At     time.Time `json:"at"`
}

// RegisterClaim is what an imported register says, and where it stands there.
type RegisterClaim struct {
	Value    string    `json:"value"`
	Source   string    `json:"source"` // file name as given
	Line     int       `json:"line"`
	At       time.Time `json:"at"`
	Conflict bool      `json:"conflict"` // the network says something else
}

// Field is a register field: what a hospital keeps about a device that no wire tells.
type Field string

// The register fields.
const (
	Owner       Field = "owner"
	Place       Field = "place"
	Department  Field = "department"
	AssetTag    Field = "asset tag"
	Criticality Field = "criticality" // life-sustaining, therapeutic, diagnostic, support
	Contact     Field = "contact"
	Purchased   Field = "purchased"        // YYYY-MM-DD
	Warranty    Field = "warranty until"   // YYYY-MM-DD
	NextService Field = "next service"     // YYYY-MM-DD
	State       Field = "life-cycle state" // ordered, in use, stored, disposed
	Notes       Field = "notes"
)

// Fields are the register fields in the order in which people read them.
var Fields = []Field{Owner, Department, Place, AssetTag, Criticality, Contact, State, Purchased, Warranty, NextService, Notes}

// DeviceRef names a device; ID is empty when the register does not know what has the address in Title.
type DeviceRef struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Zone  string `json:"zone"`
}
