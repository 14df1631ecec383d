// Package capture turns captured bytes into packets: pcap and pcapng files of either byte order,
// plain or compressed with gzip, and the kernel's packet ring. It never copies a packet: what it
// yields points into a buffer that stays valid until the caller gives the buffer back.
package capture

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// BufferSize is how much is read at once. 256 KiB fits the second-level cache and was measured to
// be as fast as larger reads, and faster than mapping the file.
const BufferSize = 256 << 10

// MaxPacket is the longest packet that is believed. A record that claims more is a torn file.
const MaxPacket = 1 << 20

// Record is one packet as captured.
type Record struct {
	Time int64  // nanoseconds since 1970 UTC
	Data []byte // the bytes captured
	Wire uint32 // length on the wire
	Link uint16 // link type, as registered at tcpdump.org
}

// Errors of a capture. ErrTorn means that everything up to the tear was yielded.
var (
	ErrTorn   = errors.New("the file ends or breaks in the middle of a record")
	ErrFormat = errors.New("not a pcap or pcapng file")
)

// walker finds records in a buffer. next yields the record at the start of b and how many bytes
// it took; n 0 asks for at least need bytes in all. A record without Data is skipped by its caller.
type walker interface {
	next(b []byte, r *Record) (n, need int, err error)
}

// Reader reads one capture file.
type Reader struct {
	in     io.Reader
	walk   walker
	pcap   *pcapWalker // the same walker when it is a pcap: spares the interface call
	buf    []byte
	from   int
	to     int
	skip   int64 // bytes of the current block that are passed over unread
	eof    bool
	err    error // of the input, other than io.EOF
	format string
}

// NewReader recognises the format of a capture. It looks through one layer of gzip, streaming.
func NewReader(in io.Reader) (*Reader, error) {
	b := bufio.NewReaderSize(in, 4096)
	magic, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	format := ""
	if len(magic) >= 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		b = bufio.NewReaderSize(z, 4096)
		if magic, err = b.Peek(4); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		format = "gzip "
	}
	if len(magic) < 4 {
		return nil, ErrFormat
	}
	r := &Reader{in: b}
	if [4]byte(magic) == [4]byte{0x0a, 0x0d, 0x0d, 0x0a} {
		r.walk, r.format = &pcapngWalker{}, format+"pcapng"
		return r, nil
	}
	var head [24]byte
	if _, err := io.ReadFull(b, head[:]); err != nil {
		return nil, ErrFormat
	}
	if r.pcap = newPcapWalker(head[:]); r.pcap == nil {
		return nil, ErrFormat
	}
	r.format = format + "pcap"
	return r, nil
}

// Format names the file's format: "pcap", "gzip pcapng".
func (r *Reader) Format() string { return r.format }

// SetBuffer gives the reader the buffer to fill next, at least BufferSize long. What has been read
// but not yielded moves over. The former buffer is the caller's again.
func (r *Reader) SetBuffer(buf []byte) {
	if len(buf) < r.to-r.from {
		buf = make([]byte, 2*(r.to-r.from))
	}
	r.to = copy(buf, r.buf[r.from:r.to])
	r.from = 0
	r.buf = buf
}

// Fill reads once into the buffer. It reports false when there is nothing more to read.
func (r *Reader) Fill() bool {
	if r.eof {
		return false
	}
	for r.to < len(r.buf) {
		n, err := r.in.Read(r.buf[r.to:])
		r.to += n
		if err != nil {
			r.eof = true
			if !errors.Is(err, io.EOF) {
				r.err = err
			}
			return n > 0
		}
		if r.to-r.from >= len(r.buf)/2 || n == 0 {
			break
		}
	}
	return true
}

// Next yields the next record that lies whole in the buffer; its Data points into the buffer. It
// reports false when the buffer must be filled (or replaced by a larger one): see Need.
func (r *Reader) Next(rec *Record) (ok bool, err error) {
	for {
		if r.skip > 0 && !r.passOver() {
			return false, nil
		}
		var n, need int
		if r.pcap != nil {
			n, need, err = r.pcap.next(r.buf[r.from:r.to], rec)
		} else {
			n, need, err = r.walk.next(r.buf[r.from:r.to], rec)
		}
		if err != nil {
			return false, err
		}
		if n == 0 {
			if need > len(r.buf) {
				r.grow(need)
			}
			return false, nil
		}
		if n > r.to-r.from { // a block that nobody reads is passed over, not buffered
			r.skip = int64(n)
			continue
		}
		r.from += n
		if rec.Data != nil {
			return true, nil
		}
	}
}

// passOver drops bytes of a block that is not read; false means more must be filled.
func (r *Reader) passOver() bool {
	have := int64(r.to - r.from)
	if have > r.skip {
		have = r.skip
	}
	r.skip -= have
	r.from += int(have)
	if r.from == r.to {
		r.from, r.to = 0, 0
	}
	return r.skip == 0
}

func (r *Reader) grow(need int) {
	buf := make([]byte, need)
	r.to = copy(buf, r.buf[r.from:r.to])
	r.from, r.buf = 0, buf
}

// End says how the capture ended, once Fill reports false and Next yields nothing: nil, ErrTorn
// or the error of the input.
func (r *Reader) End() error {
	if r.from < r.to || r.skip > 0 {
		return ErrTorn
	}
	if r.err != nil {
		if errors.Is(r.err, io.ErrUnexpectedEOF) || errors.Is(r.err, gzip.ErrChecksum) || errors.Is(r.err, gzip.ErrHeader) {
			return ErrTorn
		}
		return r.err
	}
	return nil
}

// Compact moves what is left to the front of the buffer, so that Fill has room.
func (r *Reader) Compact() {
	if r.from > 0 {
		r.to = copy(r.buf, r.buf[r.from:r.to])
		r.from = 0
	}
}
