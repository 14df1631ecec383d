package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"github.com/wardkeeper/wardkeeper/know/wire/capture"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
	"github.com/wardkeeper/wardkeeper/know/wire/wiretest"
)

// writeMixed copies all public captures, again and again with other addresses, until the file has
// the size asked for. Captures without Ethernet get a header without addresses, because the peers
// read one link type a file.
func writeMixed(path, dir string, size int64) error {
	files, _ := filepath.Glob(filepath.Join(dir, "*.pcap*"))
	sort.Strings(files)
	if len(files) == 0 {
		return fmt.Errorf("no captures in %s: set WARDKEEPER_DATA", dir)
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer out.Close()
	w := bufio.NewWriterSize(out, 1<<20)
	p := wiretest.NewPcap(w, packet.LinkEthernet)
	written, now := int64(0), int64(1_700_000_000e9)
	for round := uint32(0); written < size; round++ {
		for _, f := range files {
			n, end, err := copyCapture(p, f, round, now)
			if err != nil {
				return fmt.Errorf("%s: %w", f, err)
			}
			written += n
			now = end + 1e6
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return p.Err()
}

// copyCapture appends one capture with its addresses changed by the number of the round, and its
// times moved to begin at start; pauses are cut to a second.
func copyCapture(p *wiretest.Pcap, path string, round uint32, start int64) (written, end int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if err != nil {
		return 0, 0, err
	}
	r.SetBuffer(make([]byte, capture.BufferSize))
	var rec capture.Record
	last := int64(0)
	for more := true; more; r.Compact() {
		more = r.Fill()
		for {
			ok, err := r.Next(&rec)
			if err != nil {
				return written, start, err
			}
			if !ok {
				break
			}
			if last != 0 {
				start += min(max(rec.Time-last, 0), 1e9)
			}
			last = rec.Time
			frame := ethernet(rec.Link, rec.Data)
			rewrite(frame, round)
			p.Write(start, frame)
			written += int64(len(frame)) + 16
		}
	}
	return written, start, r.End()
}

// ethernet makes an Ethernet frame of a packet of any link type that the captures have.
func ethernet(link uint16, b []byte) []byte {
	header := make([]byte, 14, 14+len(b))
	binary.BigEndian.PutUint16(header[12:], 0x0800)
	switch link {
	case packet.LinkEthernet:
		return append([]byte(nil), b...)
	case packet.LinkNull:
		b = b[4:]
	case packet.LinkSLL:
		copy(header[6:12], b[6:12])
		copy(header[12:14], b[14:16])
		b = b[16:]
	}
	if b[0]>>4 == 6 {
		binary.BigEndian.PutUint16(header[12:], 0x86dd)
	}
	return append(header, b...)
}

// rewrite changes the addresses of Ethernet, ARP, IPv4 and IPv6 headers; makers' prefixes, groups
// and unset addresses stay.
func rewrite(b []byte, round uint32) {
	if round == 0 || len(b) < 14 {
		return
	}
	mac := func(m []byte) {
		if m[0]&1 == 0 && [6]byte(m) != [6]byte{} {
			m[3], m[4] = m[3]^byte(round>>8), m[4]^byte(round)
		}
	}
	ip4 := func(a []byte) {
		if a[0] != 0 && a[0] < 224 {
			a[1] ^= byte(round)
			a[0] ^= byte(round >> 8)
		}
	}
	mac(b)
	mac(b[6:])
	at, et := 14, binary.BigEndian.Uint16(b[12:])
	for et == 0x8100 && at+4 <= len(b) {
		et = binary.BigEndian.Uint16(b[at+2:])
		at += 4
	}
	switch b := b[at:]; {
	case et == 0x0800 && len(b) >= 20:
		ip4(b[12:])
		ip4(b[16:])
		fixChecksum(b)
	case et == 0x0806 && len(b) >= 28:
		mac(b[8:])
		ip4(b[14:])
		mac(b[18:])
		ip4(b[24:])
	case et == 0x86dd && len(b) >= 40:
		for _, a := range [][]byte{b[8:24], b[24:40]} {
			if a[0] != 0xff && a[0] != 0 {
				a[12], a[13] = a[12]^byte(round>>8), a[13]^byte(round)
			}
		}
	}
}

func fixChecksum(b []byte) {
	head := min(int(b[0]&15)*4, len(b))
	if head < 20 {
		return
	}
	b[10], b[11] = 0, 0
	sum := uint32(0)
	for i := 0; i+1 < head; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	binary.BigEndian.PutUint16(b[10:], ^uint16(sum)) //nolint:gosec // folded
}
