package cert_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/cert"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
)

// fileKey seals with a key as a key file would hold it.
type fileKey struct{ gcm cipher.AEAD }

func newFileKey(t testing.TB) *fileKey {
	t.Helper()
	key := make([]byte, 32)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		t.Fatal(err)
	}
	return &fileKey{gcm}
}

func (k *fileKey) Seal(_ context.Context, name string, plain []byte) ([]byte, error) {
	return k.gcm.Seal(nil, nil, plain, []byte(name)), nil
}

func (k *fileKey) Open(_ context.Context, name string, sealed []byte) ([]byte, error) {
	return k.gcm.Open(nil, nil, sealed, []byte(name))
}

// house is an authority ready to issue, with a clock that tests move against the real one, since
// openssl and curl look at that.
type house struct {
	*cert.Authority
	audit *audit.Log
	root  *cert.Root
	ctx   context.Context // an administrator's
	dir   string
	shift atomic.Int64
	log   safeLog // of what the servers complain about
}

// safeLog keeps what was written.
type safeLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *safeLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func stages() []store.Migrations {
	return []store.Migrations{audit.Migrations(), access.Migrations(), cert.Migrations()}
}

func each(t *testing.T, test func(*testing.T, *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(t, newHouse(t, s)) }, stages()...)
}

func one(t testing.TB) *house {
	t.Helper()
	return newHouse(t, storetest.SQLite(t, stages()...))
}

func newHouse(t testing.TB, s *store.Store) *house {
	t.Helper()
	h := empty(t, s)
	var err error
	if h.root, err = cert.NewRoot("Example Hospital Device Root", h.Now()); err != nil {
		t.Fatal(err)
	}
	h.install(t)
	write(t, h.file("root.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.root.Cert.Raw}))
	return h
}

// empty is a house without an authority.
func empty(t testing.TB, s *store.Store) *house {
	t.Helper()
	h := &house{dir: t.TempDir(), audit: &audit.Log{Store: s}}
	h.Authority = &cert.Authority{Log: slog.New(slog.DiscardHandler), Store: s, Sealer: newFileKey(t), Site: "main", Now: func() time.Time {
		return time.Now().Add(time.Duration(h.shift.Load()))
	}}
	h.Door = &access.Door{Store: s, Audit: h.audit, Now: h.Now, Site: "main"}
	h.ctx = access.With(t.Context(), access.Person{ID: "ada", Roles: []access.Role{access.Administrator}, Site: "main"})
	return h
}

// install certifies a new issuing authority with the house's root, and writes issuing.pem.
func (h *house) install(t testing.TB) {
	t.Helper()
	csr, err := h.RequestIssuing(h.ctx, "Example Hospital Device Issuing")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := h.root.SignIssuing(csr, h.URL, h.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Install(h.ctx, bundle); err != nil {
		t.Fatal(err)
	}
	write(t, h.file("issuing.pem"), bundle)
}

func (h *house) file(name string) string { return filepath.Join(h.dir, name) }

func (h *house) move(d time.Duration) { h.shift.Add(int64(d)) }

func (h *house) verbs(t testing.TB) string {
	t.Helper()
	if _, err := h.audit.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	leaves, err := h.audit.Leaves(t.Context(), "", "", "", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range leaves {
		out = append(out, l.Actor+" "+l.Action+" "+l.Object)
	}
	return strings.Join(out, "\n")
}

func (h *house) password(t testing.TB, device string) string {
	t.Helper()
	word, _, err := h.MakePassword(h.ctx, device, 0)
	if err != nil {
		t.Fatal(err)
	}
	return word
}

// serve answers on a free port of the loopback until the test ends, and gives the address.
func serve(t testing.TB, server *http.Server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		if server.TLSConfig != nil {
			done <- server.ServeTLS(l, "", "")
			return
		}
		done <- server.Serve(l)
	}()
	t.Cleanup(func() {
		server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func (h *house) est(t testing.TB) string {
	t.Helper()
	addr := serve(t, &http.Server{ErrorLog: log.New(&h.log, "", 0), Handler: h.EST(), TLSConfig: h.ServerTLS(cert.ServerOptions{Names: []string{"localhost", "127.0.0.1"}, Optional: true})}) //nolint:gosec // loopback
	return "https://localhost:" + addr[strings.LastIndexByte(addr, ':')+1:] + "/.well-known/est/"
}

func write(t testing.TB, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// try runs a program in the house's folder and gives what it wrote, both ways.
func (h *house) try(t testing.TB, name string, args ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skip("SKIPPED: " + name + " is not installed")
	}
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir = h.dir
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	return out.String(), err
}

func (h *house) run(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := h.try(t, name, args...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

// curl asks for a path and gives the status and the body.
func (h *house) curl(t testing.TB, args ...string) (status, body string) {
	t.Helper()
	h.run(t, "curl", append([]string{"-sS", "--cacert", "root.pem", "-o", "body", "-D", "head", "-w", "%{http_code}"}, args...)...)
	head := string(read(t, h.file("head")))
	lines := strings.Split(strings.TrimSpace(head), "\n")
	fields := strings.Fields(lines[0])
	if len(fields) < 2 {
		t.Fatalf("no status in %q", head)
	}
	return fields[1], string(read(t, h.file("body")))
}

// request makes a key and a request with openssl: NAME.key, NAME.csr (base64 of DER).
func (h *house) request(t testing.TB, name, subject string, more ...string) {
	t.Helper()
	h.run(t, "openssl", append([]string{"req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name + ".key",
		"-subj", subject, "-outform", "DER", "-out", name + ".der"}, more...)...)
	h.run(t, "openssl", "base64", "-in", name+".der", "-out", name+".csr")
}

// unpack turns the body of an answer into NAME.pem with openssl, and parses the first certificate.
func (h *house) unpack(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	h.run(t, "openssl", "base64", "-d", "-in", "body", "-out", "body.p7")
	h.run(t, "openssl", "pkcs7", "-inform", "DER", "-in", "body.p7", "-print_certs", "-out", name+".pem")
	return parse(t, read(t, h.file(name+".pem")))
}

func parse(t testing.TB, text []byte) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatal("no PEM")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// enrol gives a device its certificate over EST: NAME.key and NAME.pem, where NAME is the id.
func (h *house) enrol(t testing.TB, url, device string) *x509.Certificate {
	t.Helper()
	h.request(t, device, "/CN="+device)
	status, body := h.curl(t, "-u", device+":"+h.password(t, device), "-H", "Content-Type: application/pkcs10", "--data-binary", "@"+device+".csr", url+"simpleenroll")
	if status != "200" {
		t.Fatalf("enrolment of %s gave %s: %s", device, status, body)
	}
	return h.unpack(t, device)
}
