// Package identity decides which device it is: it turns what the wire saw into devices with
// claims, each claim with its evidence, its confidence and what speaks against it.
//
// In comes [ward.Observation], as often as the wire likes. Out go devices ([Engine.Changes],
// [Engine.Gone]), the interface catalogue, findings and coverage, or all at once as a [Picture].
// The path of one sighting:
//
//	Observe (identity.go)  files it under the station that sent it (stations.go)
//	resolve (resolve.go)   joins stations to devices: strong ids, hardware address, lease (owner.go)
//	render  (render.go)    gathers what a device said
//	claims  (claims.go)    fields that state an attribute, fingerprints (package prints) and
//	                       registries (package registry) become candidates, twice: claims lead to claims
//	fuse    (fuse.go)      candidates become claims with confidence and contradictions
//	judged  (findings.go, judged.go)  sightings and claims become findings
//
// Nothing here reads the network, a file or a clock that is not in [Options]. Everything is bounded
// (MaxDevices and what stands beside it); what did not fit is counted in [Engine.Dropped], and
// [Engine.Forget] makes room. An Engine belongs to one goroutine.
package identity
