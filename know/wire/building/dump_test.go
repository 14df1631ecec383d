package building

import (
	"os"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
)

func TestDump(t *testing.T) {
	for _, name := range strings.Split(os.Getenv("DUMP"), ",") {
		t.Log(name + "\n" + strings.Join(decodetest.Capture(t, name, Decoders()), "\n"))
	}
}
