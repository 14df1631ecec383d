package inventory

import (
	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/know/inventory/traffic"
	"github.com/wardkeeper/wardkeeper/know/inventory/zoning"
)

// The words of the register's parts, so that whoever asks the register needs to know only this
// package.
type (
	Row           = entry.Row
	Status        = entry.Status
	Effective     = entry.Effective
	Override      = entry.Override
	RegisterClaim = entry.RegisterClaim
	Field         = entry.Field
	DeviceRef     = entry.DeviceRef
	Event         = entry.Event
	EventKind     = entry.EventKind

	Zone          = zoning.Zone
	Coverage      = zoning.Coverage
	CoveredSubnet = zoning.CoveredSubnet

	Cell           = traffic.Cell
	Link           = traffic.Link
	Peer           = traffic.Peer
	Interface      = traffic.Interface
	InterfaceQuery = traffic.InterfaceQuery
	PatientData    = traffic.PatientData
	DeviceTotal    = traffic.DeviceTotal
	Group          = traffic.Group
)

// The statuses, worst first.
const (
	StatusCritical  = entry.StatusCritical
	StatusHigh      = entry.StatusHigh
	StatusAttention = entry.StatusAttention
	StatusUnknown   = entry.StatusUnknown
	StatusSilent    = entry.StatusSilent
	StatusOK        = entry.StatusOK
)

// The kinds of event.
const (
	FirstSeen      = entry.FirstSeen
	ClaimChanged   = entry.ClaimChanged
	AddressChanged = entry.AddressChanged
	Swapped        = entry.Swapped
	Merged         = entry.Merged
	Overridden     = entry.Overridden
	FieldChanged   = entry.FieldChanged
	Reappeared     = entry.Reappeared
	FindingOpened  = entry.FindingOpened
	FindingClosed  = entry.FindingClosed
	Imported       = entry.Imported
)

// The register fields.
const (
	Owner       = entry.Owner
	Place       = entry.Place
	Department  = entry.Department
	AssetTag    = entry.AssetTag
	Criticality = entry.Criticality
	Contact     = entry.Contact
	Purchased   = entry.Purchased
	Warranty    = entry.Warranty
	NextService = entry.NextService
	State       = entry.State
	Notes       = entry.Notes
)

// Names of zones that nobody made.
const (
	ZoneInternet = zoning.Internet
	ZoneNone     = zoning.None
)

// The lists that forms offer.
var (
	Fields        = entry.Fields
	Criticalities = entry.Criticalities
	States        = entry.States
	ZoneKinds     = zoning.Kinds
)
