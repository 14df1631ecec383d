package est

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
)

// parseName reads a distinguished name (DER).
func parseName(der []byte) (pkix.RDNSequence, error) {
	var rdns pkix.RDNSequence
	rest, err := asn1.Unmarshal(der, &rdns)
	if err == nil && len(rest) > 0 {
		err = errors.New("est: something follows the name")
	}
	return rdns, err
}
