package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Shape of the ring: blocks of 1 MiB that the kernel hands over when full, or after 20 ms.
const (
	ringBlock  = 1 << 20
	ringFrame  = 2048
	ringRetire = 20 // milliseconds
)

// Ring is a TPACKET_V3 ring of one interface (packet(7), Documentation/networking/packet_mmap). It
// only receives: nothing is ever written to its socket.
type Ring struct {
	Name string
	Link uint16

	fd     int
	mem    []byte
	blocks []RingBlock
	next   int
}

// RingBlock is a stretch of packets that the kernel has handed over.
type RingBlock struct{ mem []byte }

// Field offsets of struct tpacket_block_desc and struct tpacket3_hdr (linux/if_packet.h).
const (
	blockStatus = 8
	blockCount  = 12
	blockFirst  = 16

	frameNext    = 0
	frameSec     = 4
	frameNsec    = 8
	frameSnap    = 12
	frameLen     = 16
	frameStatus  = 20
	frameMac     = 24
	frameVLAN    = 32
	frameMinimum = 48
)

// OpenRing opens an interface for receiving. Rings of the same interface and group share its
// packets so that both directions of a flow come to the same ring; group 0 shares with nobody.
func OpenRing(name string, size int, group uint16) (*Ring, error) {
	dev, err := net.InterfaceByName(name)
	if err != nil {
		return nil, fmt.Errorf("interface %s: %w", name, os.ErrNotExist)
	}
	r := &Ring{Name: name, fd: -1}
	proto := int(htons(unix.ETH_P_ALL))
	if r.fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0); err != nil {
		return nil, fmt.Errorf("packet socket: %w", err)
	}
	if err := r.setup(dev.Index, proto, size, group); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func htons(v uint16) uint16 {
	return binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, v))
}

func (r *Ring) setup(index, proto, size int, group uint16) error {
	if err := unix.SetsockoptInt(r.fd, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V3); err != nil {
		return fmt.Errorf("TPACKET_V3: %w", err)
	}
	n := max(2, size/ringBlock)
	req := unix.TpacketReq3{
		Block_size: ringBlock, Block_nr: uint32(n), Frame_size: ringFrame, //nolint:gosec // small numbers
		Frame_nr: uint32(n * ringBlock / ringFrame), Retire_blk_tov: ringRetire, //nolint:gosec // small numbers
	}
	if err := unix.SetsockoptTpacketReq3(r.fd, unix.SOL_PACKET, unix.PACKET_RX_RING, &req); err != nil {
		return fmt.Errorf("packet ring of %d MiB: %w", n, err)
	}
	mem, err := unix.Mmap(r.fd, 0, n*ringBlock, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("packet ring: %w", err)
	}
	r.mem = mem
	for i := range n {
		r.blocks = append(r.blocks, RingBlock{mem[i*ringBlock : (i+1)*ringBlock]})
	}
	mreq := unix.PacketMreq{Ifindex: int32(index), Type: unix.PACKET_MR_PROMISC} //nolint:gosec // an index
	if err := unix.SetsockoptPacketMreq(r.fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &mreq); err != nil {
		return fmt.Errorf("promiscuous mode: %w", err)
	}
	if err := unix.Bind(r.fd, &unix.SockaddrLinklayer{Protocol: uint16(proto), Ifindex: index}); err != nil { //nolint:gosec // a protocol
		return fmt.Errorf("bind: %w", err)
	}
	r.Link = linkOf(0)
	if a, err := unix.Getsockname(r.fd); err == nil {
		if l, ok := a.(*unix.SockaddrLinklayer); ok {
			r.Link = linkOf(l.Hatype)
		}
	}
	if group != 0 {
		if err := unix.SetsockoptInt(r.fd, unix.SOL_PACKET, unix.PACKET_FANOUT, int(group)|unix.PACKET_FANOUT_HASH<<16); err != nil {
			return fmt.Errorf("fanout: %w", err)
		}
	}
	return nil
}

// linkOf is the link type of frames by the interface's hardware type (linux/if_arp.h).
func linkOf(hardware uint16) uint16 {
	switch hardware {
	case 801:
		return 105
	case 803:
		return 127
	case 512, 65534, 768, 776, 778: // PPP and tunnels without a link layer: the packet comes bare
		return 101
	}
	return 1
}

// Wait waits for the next block, no longer than timeout. It returns nil when there is none.
func (r *Ring) Wait(timeout time.Duration) (*RingBlock, error) {
	b := &r.blocks[r.next]
	if !b.ready() {
		fds := []unix.PollFd{{Fd: int32(r.fd), Events: unix.POLLIN | unix.POLLERR}} //nolint:gosec // a descriptor
		_, err := unix.Poll(fds, int(timeout.Milliseconds()))
		if err != nil && !errors.Is(err, unix.EINTR) {
			return nil, err
		}
		if fds[0].Revents&unix.POLLERR != 0 {
			if code, err := unix.GetsockoptInt(r.fd, unix.SOL_SOCKET, unix.SO_ERROR); err == nil && code != 0 {
				return nil, unix.Errno(code) //nolint:gosec // an errno
			}
		}
		if !b.ready() {
			return nil, nil
		}
	}
	r.next = (r.next + 1) % len(r.blocks)
	return b, nil
}

func (b *RingBlock) status() *uint32 { return (*uint32)(unsafe.Pointer(&b.mem[blockStatus])) } //nolint:gosec // shared with the kernel

func (b *RingBlock) ready() bool { return atomic.LoadUint32(b.status())&unix.TP_STATUS_USER != 0 }

// Release gives the block back to the kernel. Nothing may point into it any more.
func (b *RingBlock) Release() { atomic.StoreUint32(b.status(), unix.TP_STATUS_KERNEL) }

// Each yields the packets of a block. Data is valid until the block is released. vlan is the tag
// that the network card has taken off, 0 when there is none.
func (b *RingBlock) Each(yield func(rec *Record, vlan uint16)) {
	u32 := func(at int) uint32 { return binary.NativeEndian.Uint32(b.mem[at:]) }
	count, at := u32(blockCount), int(u32(blockFirst))
	var rec Record
	for range count {
		if at < 0 || at+frameMinimum > len(b.mem) {
			return
		}
		from := at + int(binary.NativeEndian.Uint16(b.mem[at+frameMac:]))
		to := from + int(u32(at+frameSnap))
		if to > len(b.mem) {
			return
		}
		rec.Time = int64(u32(at+frameSec))*1e9 + int64(u32(at+frameNsec))
		rec.Data, rec.Wire = b.mem[from:to:to], u32(at+frameLen)
		vlan := uint16(0)
		if u32(at+frameStatus)&unix.TP_STATUS_VLAN_VALID != 0 {
			vlan = uint16(u32(at+frameVLAN)) & 0xfff //nolint:gosec // twelve bits
		}
		yield(&rec, vlan)
		next := u32(at + frameNext)
		if next == 0 {
			return
		}
		at += int(next)
	}
}

// Stats are the packets that reached the socket, those dropped for want of room, and how often
// the ring was full, since the last call.
func (r *Ring) Stats() (packets, drops, freezes uint32) {
	s, err := unix.GetsockoptTpacketStatsV3(r.fd, unix.SOL_PACKET, unix.PACKET_STATISTICS)
	if err != nil {
		return 0, 0, 0
	}
	return s.Packets, s.Drops, s.Freeze_q_cnt
}

// Close gives the ring up. No block may be in use.
func (r *Ring) Close() {
	if r.mem != nil {
		_ = unix.Munmap(r.mem)
		r.mem = nil
	}
	if r.fd >= 0 {
		_ = unix.Close(r.fd)
		r.fd = -1
	}
}
