package gear

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/pjl"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	pjlType   = ward.Field{Protocol: "pjl", Name: "answers INFO", Proves: ward.Type, Trust: ward.TrustRole}
	pjlID     = ward.Field{Protocol: "pjl", Name: "INFO ID", Proves: ward.Model, Trust: ward.TrustBanner}
	pjlName   = ward.Field{Protocol: "pjl", Name: "ProductName", Proves: ward.Model, Trust: ward.TrustStated}
	pjlSerial = ward.Field{Protocol: "pjl", Name: "SerialNumber", Proves: ward.Serial, Trust: ward.TrustStated}
)

// printJobs reads what a printer answers on the port on which it takes jobs. Jobs themselves hold
// documents and are not read.
func printJobs() decode.Decoder {
	return decode.Decoder{
		Name: "pjl", TCPPorts: []uint16{9100}, Limit: 4 << 10,
		Match: func(dir decode.Dir, first []byte, _ uint16) decode.Match {
			if dir == decode.Server { // answers come after the job that asks for them
				if len(first) == 0 || first[0] == '@' {
					return decode.More
				}
				return decode.No
			}
			switch yes, more := pjl.IsJob(first); {
			case yes:
				return decode.Yes
			case more:
				return decode.More
			}
			return decode.No
		},
		Open: func() decode.Session { return printSession{} },
	}
}

type printSession struct{}

func (printSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if dir == decode.Client {
		return decode.Done
	}
	used := 0
	for {
		category, text, size, ok := pjl.Answer(data[used:])
		if !ok {
			return decode.Done
		}
		if size == 0 {
			return used
		}
		used += size
		out.SayString(&pjlType, "printer")
		if string(category) == "ID" {
			out.Say(&pjlID, bytes.Trim(text, `"`))
		}
		out.Say(&pjlName, pjl.Value(text, "ProductName"))
		out.Say(&pjlSerial, pjl.Value(text, "SerialNumber"))
	}
}
