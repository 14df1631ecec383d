// Command bench measures Wardkeeper's packet path against the raw speed of the disk cache and
// against other tools, in CPU seconds of the whole process, pairs in one run, and prints a table.
//
//	go run ./bench             # everything; needs ndpiReader, tshark and prads
//	go run ./bench -only ours  # without the other tools
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/know/wire"
	"github.com/wardkeeper/wardkeeper/know/wire/capture"
	"github.com/wardkeeper/wardkeeper/know/wire/decoders"
)

func main() {
	dir := flag.String("dir", filepath.Join(os.TempDir(), "wardkeeper-bench"), "where the captures are built")
	data := flag.String("data", dataDir(), "the folder with the public captures")
	rounds := flag.Int("rounds", 5, "pairs of runs")
	only := flag.String("only", "", "ours: leave the other tools out")
	one := flag.String("wire", "", "internal: read this capture once and say what was found")
	whole := flag.String("scan", "", "internal: scan this capture as the product does")
	raw := flag.String("read", "", "internal: only read this file")
	walk := flag.String("walk", "", "internal: only walk the records of this file")
	workers := flag.Int("workers", 0, "internal: workers")
	bare := flag.Bool("bare", false, "internal: without decoders")
	profile := flag.String("profile", "", "internal: write a CPU profile")
	flag.Parse()
	var err error
	switch {
	case *one != "":
		err = readOnce(*one, *workers, *bare, *profile)
	case *whole != "":
		err = scanOnce(*whole, *profile)
	case *raw != "":
		err = readRaw(*raw)
	case *walk != "":
		err = walkOnce(*walk)
	default:
		err = run(*dir, *data, *rounds, *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func dataDir() string {
	if d := os.Getenv("WARDKEEPER_DATA"); d != "" {
		return filepath.Join(d, "pcaps")
	}
	return filepath.Join("..", "shared", "data", "pcaps")
}

// readOnce reads a capture with all decoders, as a scan does.
func readOnce(path string, workers int, bare bool, profile string) error {
	stop, err := profiled(profile)
	if err != nil {
		return err
	}
	defer stop()
	start := time.Now()
	opt := wire.Options{Workers: workers}
	if !bare {
		opt.Decoders = decoders.All()
	}
	e := wire.New(opt)
	src, err := e.ReadFile(context.Background(), path)
	if err != nil {
		return err
	}
	o := e.Close()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("packets %d bytes %d sightings %d stations %d conversations %d bindings %d allocs %d gcs %d wall %.3f dropped %v\n",
		src.Packets, src.Bytes, len(o.Sightings), len(o.Stations), len(o.Conversations), len(o.Bindings),
		m.Mallocs, m.NumGC, time.Since(start).Seconds(), e.Counts().Dropped)
	return nil
}

// readRaw is the limit: read(2) of the whole file and nothing else.
func readRaw(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	buf := make([]byte, capture.BufferSize)
	for {
		if n, err := f.Read(buf); n == 0 || err != nil {
			return nil
		}
	}
}

func walkOnce(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if err != nil {
		return err
	}
	r.SetBuffer(make([]byte, capture.BufferSize))
	var rec capture.Record
	n := 0
	for more := true; more; r.Compact() {
		more = r.Fill()
		for {
			ok, err := r.Next(&rec)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			n++
		}
	}
	fmt.Println("packets", n)
	return r.End()
}

// profiled starts a CPU profile, and returns what ends it and writes the allocations beside it.
func profiled(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path) //nolint:gosec // named by who measures
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	runtime.MemProfileRate = 4096
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
		if m, err := os.Create(path + ".mem"); err == nil { //nolint:gosec // named by who measures
			_ = pprof.Lookup("allocs").WriteTo(m, 0)
			_ = m.Close()
		}
	}, nil
}

// scanOnce does what `wardkeeper scan --json` does, but for the flags.
func scanOnce(path, profile string) error {
	stop, err := profiled(profile)
	if err != nil {
		return err
	}
	defer stop()
	scan := app.Scan{Files: []string{path}}
	doc, err := scan.Run(context.Background())
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(doc)
}
