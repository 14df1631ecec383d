package access

import "context"

// Role is a named set of permissions. Which permissions it has is data: see Door.Permissions.
type Role string

// The roles that ship.
const (
	Administrator   Role = "administrator"
	Analyst         Role = "analyst" // security analyst
	Biomed          Role = "biomed"  // clinical engineer
	NetworkEngineer Role = "network engineer"
	Nurse           Role = "nurse"
	Auditor         Role = "auditor" // reads all, changes nothing
)

// Roles are all roles in the order in which people read them.
var Roles = []Role{Administrator, Analyst, Biomed, NetworkEngineer, Nurse, Auditor}

// Permission is what a route or a change asks for.
type Permission string

// The permissions.
const (
	DevicesRead    Permission = "devices.read"    // devices, claims, findings, map, coverage
	DevicesChange  Permission = "devices.change"  // override, label, register fields, zones
	InterfacesRead Permission = "interfaces.read" // interface catalogue, where patient data travels
	Export         Permission = "export"          // whole lists as CSV or JSON
	SensorsRead    Permission = "sensors.read"    // health and drops of the sensors
	SensorsFeed    Permission = "sensors.feed"    // drop a capture, add a sensor
	RegisterImport Permission = "register.import" // import another register
	AuditRead      Permission = "audit.read"      // the audit log
	PeopleChange   Permission = "people.change"   // people, roles, tokens of others
	SystemChange   Permission = "system.change"   // settings, backup, jobs
	CertsRead      Permission = "certs.read"      // device certificates, trust anchors
	CertsChange    Permission = "certs.change"    // enrolment passwords, revocation, trust anchors, authorities
)

// Permissions are all permissions.
var Permissions = []Permission{
	DevicesRead, DevicesChange, InterfacesRead, Export, SensorsRead, SensorsFeed, RegisterImport,
	AuditRead, PeopleChange, SystemChange, CertsRead, CertsChange,
}

// Person is who acts: somebody signed in, a program with an API token, or a system person such as
// a job.
type Person struct {
	ID     string
	Name   string // as they are called on screen
	Roles  []Role
	Site   string
	System bool         // a part of Wardkeeper itself, allowed everything it does
	Scopes []Permission // for API tokens: the only permissions it carries; nil means all of its roles
}

type contextKey struct{}

// With puts the acting person into the context.
func With(ctx context.Context, p Person) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From gives the acting person, if anybody acts.
func From(ctx context.Context) (Person, bool) {
	p, ok := ctx.Value(contextKey{}).(Person)
	return p, ok
}

// AsSystem makes a named part of Wardkeeper the acting person: "watched folder", "job backup".
func AsSystem(ctx context.Context, name string) context.Context {
	return With(ctx, Person{ID: "system:" + name, Name: name, System: true})
}

// rolePermissions is what each role may do. Door.Allowed is the only reader.
var rolePermissions = map[Role][]Permission{
	Administrator:   Permissions,
	Analyst:         {DevicesRead, DevicesChange, InterfacesRead, Export, SensorsRead, SensorsFeed, AuditRead, CertsRead},
	Biomed:          {DevicesRead, DevicesChange, InterfacesRead, Export, SensorsRead, RegisterImport, CertsRead, CertsChange},
	NetworkEngineer: {DevicesRead, DevicesChange, InterfacesRead, Export, SensorsRead, SensorsFeed, CertsRead},
	Nurse:           {DevicesRead},
	Auditor:         {DevicesRead, InterfacesRead, Export, SensorsRead, AuditRead, CertsRead},
}
