// Package identity decides which device it is: it turns what the wire saw into devices with
// claims, each claim with its evidence, its confidence and what speaks against it.
//
// In comes [ward.Observation], as often as the wire likes. Out go devices, flows, the interface
// catalogue, findings and coverage. The path of one sighting:
//
//	Observe (identity.go)  files it under the station that sent it (stations.go)
//	resolve (resolve.go)   joins stations to devices: strong ids, hardware address, lease
//	claims  (claims.go)    fields that state an attribute, fingerprints (package prints) and
//	                       registries (package registry) become candidates
//	fuse    (fuse.go)      candidates become claims with confidence and contradictions
//	judge   (findings.go)  sightings and claims become findings
//
// Nothing here reads the network or a clock that is not in [Options]. An Engine belongs to one
// goroutine.
package identity
