package identity

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/ward"
)

func TestAlternativesAreGeneralToEach(t *testing.T) {
	for _, c := range []struct {
		x, y string
		want relation
	}{
		{"Windows 7 or Server 2008 R2", "Windows 7", general},
		{"Windows 7 or Server 2008 R2", "Windows 7 Professional 7601 Service Pack 1", general},
		{"Windows 7", "Windows 7 or Server 2008 R2", specific},
		{"Windows 7 or Server 2008 R2", "Windows Server 2008 R2", general},
		{"Windows 7 or Server 2008 R2", "Windows 10", differs},
		{"Windows", "Windows 7 or Server 2008 R2", general},
		{"Windows 10 or 11", "Windows 11", general},
		{"Windows 10 or 11", "Windows 10 or Server 2019", beside},
		{"Windows 10 or 11", "Windows 10 or 11", same},
		{"Linux", "Windows 10 or 11", differs},
	} {
		if got := relate(ward.OS, c.x, c.y); got != c.want {
			t.Errorf("relate(%q, %q) = %d, want %d", c.x, c.y, got, c.want)
		}
	}
}
