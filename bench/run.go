package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// usage is what one run of a program cost.
type usage struct {
	cpu, wall float64 // seconds
	peak      float64 // MiB resident
	out       string
}

// measure runs a program to its end and throws its output away, but for the last line.
func measure(name string, args ...string) (usage, error) {
	var out bytes.Buffer
	cmd := exec.Command(name, args...) //nolint:gosec // the programs are fixed
	cmd.Stdout = &tail{&out}
	cmd.Stderr = io.Discard
	start := time.Now()
	err := cmd.Run()
	u := usage{wall: time.Since(start).Seconds(), out: out.String()}
	if cmd.ProcessState != nil {
		u.cpu = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
		if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			u.peak = float64(r.Maxrss) / 1024
		}
	}
	return u, err
}

// tail keeps the last 4 KiB written.
type tail struct{ b *bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	t.b.Write(p)
	if t.b.Len() > 8192 {
		t.b.Next(t.b.Len() - 4096)
	}
	return len(p), nil
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// row is one line of the table: a peer on a capture, its ratio to ours, and what is asked of it.
type row struct {
	peer, file string
	floor, aim string
	args       []string
}

// bench holds what the runs need.
type bench struct {
	dir    string
	rounds int
	self   string // this program: reads with all decoders and stops there
	scan   string // the whole product
}

func run(dir, data string, rounds int, only string) error {
	if err := build(dir, data); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b := &bench{dir: dir, rounds: max(1, rounds), self: self, scan: filepath.Join(dir, "wardkeeper")}
	if out, err := exec.Command("go", "build", "-o", b.scan, ".").CombinedOutput(); err != nil { //nolint:gosec // fixed
		fmt.Printf("wardkeeper does not build, so that only the packet path is measured: %s\n", out)
		b.scan = ""
	}
	fmt.Printf("%s, %d processors, %d pairs a row, median; CPU seconds of the whole process\n\n", runtime.Version(), runtime.NumCPU(), b.rounds)
	b.about()
	b.limits()
	b.cores()
	b.memory()
	if only != "ours" {
		b.peers()
	}
	return nil
}

// build makes the captures that are not there yet.
func build(dir, data string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // measurements are no secret
		return err
	}
	for _, c := range []struct {
		name  string
		write func(string) error
	}{
		{"mixed.pcap", func(p string) error { return writeMixed(p, data, 500<<20) }},
		{"many.pcap", writeMany},
		{"flood.pcap", writeFlood},
	} {
		path := filepath.Join(dir, c.name)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		fmt.Fprintln(os.Stderr, "building", path)
		if err := c.write(path + ".part"); err != nil {
			return err
		}
		if err := os.Rename(path+".part", path); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) file(name string) string { return filepath.Join(b.dir, name+".pcap") }

func (b *bench) wire(name string, workers int) (usage, error) {
	return measure(b.self, "-wire", b.file(name), "-workers", strconv.Itoa(workers))
}

var number = regexp.MustCompile(`([a-z]+) (\d+)`)

// about says what the captures hold and what is read from them.
func (b *bench) about() {
	fmt.Println("| capture | packets | bytes a packet | sightings a packet | stations | conversations |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, name := range []string{"mixed", "many", "flood"} {
		u, err := b.wire(name, 0)
		if err != nil {
			fmt.Println(name, err)
			continue
		}
		v := map[string]float64{}
		for _, m := range number.FindAllStringSubmatch(u.out, -1) {
			v[m[1]], _ = strconv.ParseFloat(m[2], 64)
		}
		fmt.Printf("| %s | %.0f | %.0f | %.4f | %.0f | %.0f |\n", name, v["packets"], v["bytes"]/v["packets"], v["sightings"]/v["packets"], v["stations"], v["conversations"])
	}
	fmt.Println()
}

// pairs runs two programs in turn and gives the median of the ratio of their CPU times, and the
// medians themselves.
func (b *bench) pairs(ours, theirs func() (usage, error)) (ratio, mine, other float64, err error) {
	var r, a, c []float64
	for range b.rounds {
		u, err := ours()
		if err != nil {
			return 0, 0, 0, err
		}
		v, err := theirs()
		if err != nil {
			return 0, 0, 0, err
		}
		r, a, c = append(r, v.cpu/u.cpu), append(a, u.cpu), append(c, v.cpu)
	}
	return median(r), median(a), median(c), nil
}

// limits compares with nothing but reading the file.
func (b *bench) limits() {
	fmt.Println("| capture | raw read(2) CPU s | packet path, all decoders, CPU s | share of the raw read | ns a packet | floor | aim |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for name, want := range map[string][2]string{"mixed": {"20 %", "35 %"}, "many": {"12 %", "25 %"}} {
		var packets float64
		ratio, mine, raw, err := b.pairs(func() (usage, error) {
			u, err := b.wire(name, 1)
			if m := number.FindStringSubmatch(u.out); m != nil {
				packets, _ = strconv.ParseFloat(m[2], 64)
			}
			return u, err
		}, func() (usage, error) { return measure(b.self, "-read", b.file(name)) })
		if err != nil {
			fmt.Println(name, err)
			continue
		}
		fmt.Printf("| %s | %.3f | %.3f | %.0f %% | %.0f | %s | %s |\n", name, raw, mine, 100*ratio, mine/packets*1e9, want[0], want[1])
	}
	fmt.Println()
}

// cores compares two workers with one by the clock on the wall.
func (b *bench) cores() {
	fmt.Println("| capture | wall s, one core | wall s, two cores | ratio | wanted |")
	fmt.Println("|---|---|---|---|---|")
	for _, c := range [][2]string{{"mixed", "0.75"}, {"many", "0.60"}} {
		var r, one, two []float64
		for range b.rounds {
			u, err := measure("taskset", "-c", "0", b.self, "-wire", b.file(c[0]), "-workers", "1")
			v, err2 := b.wire(c[0], 2)
			if err != nil || err2 != nil {
				fmt.Println(c[0], err, err2)
				return
			}
			r, one, two = append(r, v.wall/u.wall), append(one, u.wall), append(two, v.wall)
		}
		fmt.Printf("| %s | %.2f | %.2f | %.2f | <= %s |\n", c[0], median(one), median(two), median(r), c[1])
	}
	fmt.Println()
}

// memory is the peak under a flood.
func (b *bench) memory() {
	fmt.Println("| flood of 4 M packets in 3.7 M flows | CPU s | peak MiB | floor | aim |")
	fmt.Println("|---|---|---|---|---|")
	line := func(what string, f func() (usage, error)) {
		var peak, cpu []float64
		for range b.rounds {
			u, err := f()
			if err != nil {
				fmt.Println(what, err)
				return
			}
			peak, cpu = append(peak, u.peak), append(cpu, u.cpu)
		}
		fmt.Printf("| %s | %.2f | %.0f | 256 | 128 |\n", what, median(cpu), median(peak))
	}
	line("packet path, all decoders", func() (usage, error) { return b.wire("flood", 0) })
	if b.scan != "" {
		line("wardkeeper scan --json", func() (usage, error) { return measure(b.scan, "scan", "--json", b.file("flood")) })
	}
	fmt.Println()
}

// peers compares with other tools, each doing its own work on the same capture.
func (b *bench) peers() {
	rows := []row{
		{"ndpiReader", "mixed", "4", "7", []string{"-q", "-i"}},
		{"ndpiReader", "many", "20", "40", []string{"-q", "-i"}},
		{"tshark", "mixed", "50", "100", []string{"-q", "-z", "conv,tcp", "-r"}},
		{"prads", "mixed", "10", "15", []string{"-l", os.DevNull, "-r"}},
	}
	for what, ours := range map[string]func(string) (usage, error){
		"packet path, all decoders": func(f string) (usage, error) { return b.wire(f, 1) },
		"wardkeeper scan --json": func(f string) (usage, error) {
			return measure(b.scan, "scan", "--json", b.file(f))
		},
	} {
		if strings.HasPrefix(what, "wardkeeper") && b.scan == "" {
			continue
		}
		fmt.Printf("| peer, against %s | capture | its CPU s | ours | ratio | floor | aim |\n|---|---|---|---|---|---|---|\n", what)
		for _, r := range rows {
			if _, err := exec.LookPath(r.peer); err != nil {
				fmt.Printf("| %s | %s | not installed | | | %sx | %sx |\n", r.peer, r.file, r.floor, r.aim)
				continue
			}
			ratio, mine, other, err := b.pairs(func() (usage, error) { return ours(r.file) },
				func() (usage, error) { return measure(r.peer, append(slices.Clone(r.args), b.file(r.file))...) })
			if err != nil {
				fmt.Printf("| %s | %s | %v | | | %sx | %sx |\n", r.peer, r.file, err, r.floor, r.aim)
				continue
			}
			fmt.Printf("| %s | %s | %.2f | %.2f | %.1fx | %sx | %sx |\n", r.peer, r.file, other, mine, ratio, r.floor, r.aim)
		}
		fmt.Println()
	}
}
