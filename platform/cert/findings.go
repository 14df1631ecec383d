package cert

import (
	"context"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// RenewalOverdue is the finding that a device's certificate nears its end and the device has not
// renewed it.
const RenewalOverdue ward.FindingKind = "certificate renewal overdue"

// Findings judges the certificates of devices now: the newest of each that was not revoked is
// expired, or should have been renewed long ago. Devices are ids of the register.
func (a *Authority) Findings(ctx context.Context) ([]ward.Finding, error) {
	all, err := certificates(ctx, a.Store, `device <> '' AND revoked = 0 AND NOT EXISTS (SELECT 1 FROM cert_issued n
		WHERE n.device = c.device AND n.revoked = 0 AND n.not_after > c.not_after) ORDER BY device, created DESC`)
	if err != nil {
		return nil, err
	}
	var out []ward.Finding
	now := a.now()
	before := ""
	for i := range all {
		c := &all[i]
		if c.Device == before { // two that end at the same second
			continue
		}
		before = c.Device
		f := ward.Finding{Devices: []string{c.Device}}
		field, at := "not after", c.NotAfter
		switch {
		case now.After(c.NotAfter):
			f.Kind, f.Title = ward.ExpiredCertificate, "The device's certificate has expired; the device is known in grace only"
		case now.After(c.Overdue()):
			f.Kind, f.Title = RenewalOverdue, "The device has not renewed its certificate, which runs out soon"
			field = "renewal due"
			at = c.RenewFrom()
		default:
			continue
		}
		f.Evidence = []ward.Evidence{{Protocol: "x509", Field: field, Value: at.UTC().Format(time.RFC3339), Sender: "certificate " + c.Serial,
			First: at, Last: now, Count: 1}}
		out = append(out, f)
	}
	return out, nil
}
