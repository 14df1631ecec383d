package kerberos

import "github.com/wardkeeper/wardkeeper/proto/ber"

const generalString = 0x1b

// AppendRequest appends an AS-REQ of a client for a ticket of its realm.
func AppendRequest(b []byte, realm, client string) []byte {
	body := ber.Append(nil, 0xa0, ber.Append(nil, ber.BitString, []byte{0, 0x40, 0, 0, 0}))
	body = ber.Append(body, 0xa1, name(1, client))
	body = ber.Append(body, 0xa2, ber.Append(nil, generalString, []byte(realm)))
	body = ber.Append(body, 0xa3, name(2, "krbtgt", realm))
	body = ber.Append(body, 0xa5, ber.Append(nil, 0x18, []byte("20370913024805Z")))
	body = ber.Append(body, 0xa7, ber.AppendInt(nil, 12381973))
	body = ber.Append(body, 0xa8, ber.Append(nil, ber.Sequence, ber.AppendInt(nil, 18)))
	m := ber.Append(nil, 0xa1, ber.AppendInt(nil, 5))
	m = ber.Append(m, 0xa2, ber.AppendInt(nil, ASReq))
	m = ber.Append(m, 0xa4, ber.Append(nil, ber.Sequence, body))
	return ber.Append(b, 0x60+ASReq, ber.Append(nil, ber.Sequence, m))
}

// AppendAnswer appends an AS-REP with the given encrypted bytes as ticket and secret part.
func AppendAnswer(b []byte, realm, client string, cipher []byte) []byte {
	secret := ber.Append(nil, 0xa0, ber.AppendInt(nil, 18))
	secret = ber.Append(secret, 0xa2, ber.Append(nil, ber.OctetString, cipher))
	secret = ber.Append(nil, ber.Sequence, secret)
	ticket := ber.Append(nil, 0xa0, ber.AppendInt(nil, 5))
	ticket = ber.Append(ticket, 0xa1, ber.Append(nil, generalString, []byte(realm)))
	ticket = ber.Append(ticket, 0xa2, name(2, "krbtgt", realm))
	ticket = ber.Append(ticket, 0xa3, secret)
	m := ber.Append(nil, 0xa0, ber.AppendInt(nil, 5))
	m = ber.Append(m, 0xa1, ber.AppendInt(nil, ASRep))
	m = ber.Append(m, 0xa3, ber.Append(nil, generalString, []byte(realm)))
	m = ber.Append(m, 0xa4, name(1, client))
	m = ber.Append(m, 0xa5, ber.Append(nil, 0x61, ber.Append(nil, ber.Sequence, ticket)))
	m = ber.Append(m, 0xa6, secret)
	return ber.Append(b, 0x60+ASRep, ber.Append(nil, ber.Sequence, m))
}

func name(kind int64, parts ...string) []byte {
	var list []byte
	for _, p := range parts {
		list = ber.Append(list, generalString, []byte(p))
	}
	n := ber.Append(nil, 0xa0, ber.AppendInt(nil, kind))
	n = ber.Append(n, 0xa1, ber.Append(nil, ber.Sequence, list))
	return ber.Append(nil, ber.Sequence, n)
}
