package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/dcerpc"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	rpcInterface  = ward.Field{Protocol: "dcerpc", Name: "serves interface"}
	rpcController = ward.Field{Protocol: "dcerpc", Name: "serves replication", Proves: ward.Type, Trust: ward.TrustRole}
	rpcRole       = ward.Field{Protocol: "dcerpc", Name: "replicates directory", Proves: ward.Role, Trust: ward.TrustRole}
)

// remoteCalls reads which interfaces a server lets clients bind to, on connections of their own;
// inside SMB the decoder of SMB reads them.
func remoteCalls() decode.Decoder {
	return decode.Decoder{
		Name: "dcerpc", TCPPorts: []uint16{135}, Limit: 4 << 10,
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			if len(first) < dcerpc.HeadLength {
				if len(first) > 0 && first[0] != 5 || len(first) > 1 && first[1] > 1 {
					return decode.No
				}
				return decode.More
			}
			if typ, _, ok := dcerpc.Head(first); ok && (typ == dcerpc.Bind || typ == dcerpc.BindAck) {
				return decode.Yes
			}
			return decode.No
		},
		Open: func() decode.Session { return &rpcSession{} },
	}
}

type rpcSession struct {
	asked []string
	skip  [2]int
}

func (s *rpcSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if k := min(s.skip[dir], len(data)); k > 0 {
		s.skip[dir] -= k
		return k
	}
	if len(data) < dcerpc.HeadLength {
		return 0
	}
	typ, size, ok := dcerpc.Head(data)
	if !ok {
		return decode.Done
	}
	binds := typ == dcerpc.Bind || typ == dcerpc.BindAck || typ == dcerpc.AlterContext || typ == dcerpc.AlterAnswer
	if binds && len(data) < size && size <= 4<<10 {
		return 0
	}
	switch {
	case typ == dcerpc.Bind && dir == decode.Client:
		s.asked = s.asked[:0]
		for name := range dcerpc.Interfaces(data[:min(size, len(data))]) {
			s.asked = append(s.asked, name)
		}
	case typ == dcerpc.BindAck && dir == decode.Server && dcerpc.Accepted(data[:min(size, len(data))]):
		for _, name := range s.asked {
			out.SayString(&rpcInterface, name)
			out.Speaks(name)
			if name == "drsuapi" { // directory replication: only domain controllers serve it
				out.SayString(&rpcController, "server")
				out.SayString(&rpcRole, "domain controller")
			}
		}
		s.asked = nil
	}
	s.skip[dir] = max(0, size-len(data))
	return min(size, len(data))
}
