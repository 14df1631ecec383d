package clinical

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
)

// recorder stands between a third-party client and server and keeps what each sends, in order.
type recorder struct {
	port  int
	mu    sync.Mutex
	turns []decodetest.Turn
	ended chan struct{} // one for each connection that is over
}

func record(t *testing.T, server int) *recorder {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	r := &recorder{ended: make(chan struct{}, 8), port: l.Addr().(*net.TCPAddr).Port} //nolint:errcheck // a TCP listener
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", server))
			if err != nil {
				_ = client.Close()
				continue
			}
			other := make(chan struct{})
			go func() {
				r.pass(decode.Client, client, upstream)
				close(other)
			}()
			go func() {
				r.pass(decode.Server, upstream, client)
				<-other
				r.ended <- struct{}{}
			}()
		}
	}()
	return r
}

func (r *recorder) pass(dir decode.Dir, from, to net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			r.mu.Lock()
			r.turns = append(r.turns, decodetest.Turn{Dir: dir, Data: append([]byte(nil), buf[:n]...)})
			r.mu.Unlock()
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			_ = to.Close()
			return
		}
	}
}

// dcmtk runs a tool of dcmtk against a recorded server and gives what the decoder made of it.
func (r *recorder) dcmtk(t *testing.T, tool string, args ...string) string {
	t.Helper()
	out, err := exec.Command(tool, args...).CombinedOutput()
	select { // the tools make one connection each
	case <-r.ended:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s %v made no connection: %v\n%s", tool, args, err, out)
	}
	r.mu.Lock()
	turns := r.turns
	r.turns = nil
	r.mu.Unlock()
	return play(t, turns...)
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // it only held the port
	return l.Addr().(*net.TCPAddr).Port
}

// serve starts a server of dcmtk and waits until it accepts connections.
func serve(t *testing.T, port int, tool string, args ...string) {
	t.Helper()
	for _, name := range []string{tool, "storescu", "echoscu", "findscu"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("SKIPPED: %s is not installed (Debian package dcmtk)", name)
		}
	}
	c := exec.Command(tool, args...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			_ = conn.Close()
			return
		}
	}
	t.Fatalf("%s does not listen", tool)
}

func TestDCMTKStorage(t *testing.T) {
	files := shared(t, "clinical/dicom")
	server := freePort(t)
	serve(t, server, "storescp", "+xa", "--ignore", "-aet", "ARCHIVE", fmt.Sprint(server))
	r := record(t, server)
	port := fmt.Sprint(r.port)

	got := r.dcmtk(t, "echoscu", "-aet", "PROBE1", "-aec", "ARCHIVE", "127.0.0.1", port)
	has(t, got, "client: dicom calling AE title = PROBE1", "server: dicom called AE title = ARCHIVE", "client: dicom implementation class UID root = OFFIS DCMTK 3.6.7",
		"interface dicom client -> server what=[C-ECHO] names=[called ARCHIVE calling PROBE1] patient=false secured=false")
	hasNot(t, got, "dicom storage", "pacs")

	// Images under a title that is not their station's, in each encoding there is.
	for _, c := range []struct{ file, ae, maker, model, software string }{
		{"CT_small.dcm", "STORESCU", "GE MEDICAL SYSTEMS", "RHAPSODE", "05"},
		{"MR_small.dcm", "STORESCU", "TOSHIBA_MEC", "MRT50H1", "V3.51*P25"},
		{"MR_small_implicit.dcm", "STORESCU", "TOSHIBA_MEC", "MRT50H1", "V3.51*P25"},
		{"MR_small_bigendian.dcm", "STORESCU", "TOSHIBA_MEC", "MRT50H1", "V3.51*P25"},
	} {
		got := r.dcmtk(t, "storescu", "-xb", "-aet", c.ae, "-aec", "ARCHIVE", "127.0.0.1", port, filepath.Join(files, c.file))
		has(t, got, "server: dicom role = dicom storage provider", "client: dicom role = dicom storage user")
		for _, want := range []string{"(0008,0070) = " + c.maker, "(0008,1090) = " + c.model, "(0018,1020) = " + c.software, "(0008,0060) = imaging modality"} {
			if !strings.Contains(got, "): dicom "+want) {
				t.Errorf("%s: missing part with %q in\n%s", c.file, want, got)
			}
		}
		if !strings.Contains(got, "finding phi in clear") || strings.Contains(got, "client: dicom (0008,0070)") {
			t.Errorf("%s:\n%s", c.file, got)
		}
	}
}

func TestDCMTKStationIsTheSender(t *testing.T) {
	files := shared(t, "clinical/dicom")
	server := freePort(t)
	serve(t, server, "storescp", "+xa", "--ignore", "-aet", "ARCHIVE", fmt.Sprint(server))
	r := record(t, server)
	dir := t.TempDir()
	b, err := os.ReadFile(filepath.Join(files, "CT_small.dcm"))
	if err != nil {
		t.Fatal(err)
	}
	image := filepath.Join(dir, "ct.dcm")
	if err := os.WriteFile(image, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("dcmodify", "-nb", "-i", "(0008,1010)=CT99", "-i", "(0018,1000)=SN-4711", "-i", "(0018,1200)=20260115", image).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: dcmodify: %v %s", err, out)
	}
	got := r.dcmtk(t, "storescu", "-aet", "CT99", "-aec", "ARCHIVE", "127.0.0.1", fmt.Sprint(r.port), image)
	has(t, got, "client: dicom (0018,1000) = SN-4711", "client: dicom (0008,1090) = RHAPSODE", "client: dicom (0018,1200) = 2026-01-15",
		"client: dicom (0008,0060) = imaging modality")
	// The same image and another scanner's, sent in one association: a router.
	got = r.dcmtk(t, "storescu", "-aet", "ROUTER", "-aec", "ARCHIVE", "127.0.0.1", fmt.Sprint(r.port), image, filepath.Join(files, "MR_small.dcm"))
	has(t, got, "client: dicom images of several devices = dicom gateway", "192.0.2.1 (dicom SN-4711): dicom (0008,1090) = RHAPSODE")
	hasNot(t, got, "client: dicom (00")
}

func TestDCMTKArchive(t *testing.T) {
	server := freePort(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "dcmqrscp.cfg")
	text := fmt.Sprintf("NetworkTCPPort = %d\nMaxPDUSize = 16384\nMaxAssociations = 4\nHostTable BEGIN\nHostTable END\nVendorTable BEGIN\nVendorTable END\n"+
		"AETable BEGIN\nPACS1 %s RW (9, 1024mb) ANY\nAETable END\n", server, dir)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	serve(t, server, "dcmqrscp", "-c", config)
	r := record(t, server)
	got := r.dcmtk(t, "findscu", "-S", "-aet", "WORKST", "-aec", "PACS1", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName=CANARY*", "-k", "StudyInstanceUID", "127.0.0.1", fmt.Sprint(r.port))
	has(t, got, "server: dicom accepted service = pacs", "server: dicom role = dicom query/retrieve provider", "client: dicom role = dicom query/retrieve user",
		"interface dicom client -> server what=[C-FIND Study Root Query/Retrieve] names=[called PACS1 calling WORKST] patient=true secured=false")
	hasNot(t, got, "client: dicom accepted")
}
