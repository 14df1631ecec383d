package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// assets are the style sheets, scripts and the icon, held in memory both plain and packed. Their
// address holds a hash of them all, so browsers may keep them for ever.
type assets struct {
	prefix string
	files  map[string]asset
}

type asset struct {
	kind          string
	plain, packed []byte
}

// loadAssets reads the embedded files; they are part of the program, so failing is impossible.
func loadAssets() *assets {
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	_ = fs.WalkDir(staticFiles, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := staticFiles.ReadFile(name)
		if err != nil {
			return err
		}
		sum.Write([]byte(name))
		sum.Write(text)
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		_, _ = z.Write(text)
		_ = z.Close()
		a.files[path.Base(name)] = asset{kindOf(name), text, b.Bytes()}
		return nil
	})
	a.prefix = "/static/" + hex.EncodeToString(sum.Sum(nil))[:12]
	return a
}

func kindOf(name string) string {
	if path.Ext(name) == ".js" { // some systems' tables say otherwise, and browsers insist
		return "text/javascript; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// ServeHTTP serves one file.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[strings.TrimPrefix(r.URL.Path, a.prefix+"/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+path.Base(a.prefix)+`"`)
	h.Add("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == h.Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.packed
	}
	_, _ = w.Write(body)
}
