// Package inventory is the register: every device, what is claimed about it, its owner, place, life
// and history, what is wrong with it, and the catalogue of interfaces.
//
// In come fused devices, findings, exchanges and coverage from identity and the wire (Upsert and
// the other feeds, a journalled batch path), and people's decisions (the methods that take a
// store.Tx, called inside access.Door.Do). Out come the answers that pages, API and export show.
//
// Two sides of one fact stand beside each other: what the evidence says, and what a person says.
// A person's override wins and never removes the evidence.
//
// Tables it owns: inventory_devices, inventory_keys, inventory_overrides, inventory_events,
// inventory_addresses, inventory_findings, inventory_finding_devices, inventory_zones,
// inventory_interfaces, inventory_sensors, inventory_coverage, inventory_guests.
package inventory
