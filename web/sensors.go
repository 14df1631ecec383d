package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
	"github.com/wardkeeper/wardkeeper/web/page"
)

func (s *Server) sensors(q *request) error { return s.showSensors(q, http.StatusOK, "") }

func (s *Server) showSensors(q *request, status int, problem string) error {
	p, err := s.look(q.Context())
	if err != nil {
		return err
	}
	v := page.Sensors{List: p.sensors, Coverage: p.overview.Coverage, Drop: s.Upload != nil && q.may(access.SensorsFeed), Limit: lang.Bytes(uint64(s.MaxUpload)), Error: problem, Now: q.now}
	if s.Upload != nil {
		if v.Jobs, err = s.Store.Jobs(q.Context(), s.UploadJob, 10); err != nil {
			return err
		}
	}
	return q.showAs(status, page.SensorsPage(s.frame(q, "Sensors", "/sensors"), v))
}

// dropCapture takes a capture and sends the person to the page where it is read.
func (s *Server) dropCapture(q *request) error {
	name, file, err := q.file("capture", s.MaxUpload)
	if err != nil {
		return s.showSensors(q, http.StatusBadRequest, ward.Message(err))
	}
	job, err := s.Upload(q.Context(), name, file)
	if err != nil {
		kind := ward.KindOf(err)
		if kind == ward.Internal {
			return err
		}
		return s.showSensors(q, kind.HTTPStatus(), ward.Message(err))
	}
	return q.to("/captures/" + job)
}

// file finds the file of an upload without keeping the body in memory or on disk: the reader is the
// body itself.
func (q *request) file(field string, limit int64) (string, io.Reader, error) {
	q.Body = http.MaxBytesReader(q.w, q.Body, limit)
	_ = http.NewResponseController(q.w).SetReadDeadline(time.Time{}) // as long as it takes
	parts, err := q.MultipartReader()
	if err != nil {
		return "", nil, &ward.Error{Kind: ward.Invalid, Op: "web.file", Msg: "Choose a file first.", Err: err}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, &ward.Error{Kind: ward.Invalid, Op: "web.file", Msg: "Choose a file first."}
		}
		if err != nil {
			return "", nil, &ward.Error{Kind: ward.Invalid, Op: "web.file", Msg: "The upload broke off. Try again.", Err: err}
		}
		if part.FormName() == field && part.FileName() != "" {
			return baseName(part), part, nil
		}
	}
}

// baseName is the file's name without any folder a browser may have sent, bounded.
func baseName(part *multipart.Part) string {
	name := filepath.Base(part.FileName())
	return name[max(0, len(name)-200):]
}

// capture is a dropped capture: its progress, then what was in it.
func (s *Server) capture(q *request) error {
	j, err := s.captureJobOf(q)
	if err != nil {
		return err
	}
	v := page.Capture{Job: *j, Now: q.now}
	if s.Document != nil && (j.State == store.JobDone || j.State == store.JobCancelled) {
		doc, err := s.Document(q.Context(), j.ID)
		switch {
		case err == nil && doc != nil:
			v.Sum = &page.Summary{Document: doc, Grid: documentGrid(doc), JSON: "/captures/" + j.ID + "/document.json"}
		case err != nil && ward.KindOf(err) != ward.NotFound:
			return err
		case j.State == store.JobDone:
			v.Error = "What was found is no longer kept. Drop the capture again."
		}
	}
	return q.show(page.CapturePage(s.frame(q, "Capture", "/sensors"), v))
}

func (s *Server) captureJobOf(q *request) (*store.Job, error) {
	j, err := s.Store.Job(q.Context(), q.PathValue("job"))
	if err != nil {
		return nil, err
	}
	if j.Kind != s.UploadJob {
		return nil, &ward.Error{Kind: ward.NotFound, Op: "web.capture", Msg: "There is no such capture."}
	}
	return j, nil
}

func (s *Server) captureJSON(q *request) error {
	j, err := s.captureJobOf(q)
	if err != nil {
		return err
	}
	if s.Document == nil {
		return &ward.Error{Kind: ward.NotFound, Op: "web.capture", Msg: "What was found is not kept here."}
	}
	doc, err := s.Document(q.Context(), j.ID)
	if err != nil {
		return err
	}
	q.attach("application/json", "wardkeeper-"+j.ID+".json")
	e := json.NewEncoder(lateWriter{q})
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

func (s *Server) cancelCapture(q *request) error {
	j, err := s.captureJobOf(q)
	if err != nil {
		return err
	}
	err = q.change(j.ID, "cancelled reading a capture", func(ctx context.Context, tx store.Tx) error {
		return tx.CancelJob(ctx, q.now, j.ID)
	})
	if err != nil && ward.KindOf(err) != ward.Conflict {
		return err
	}
	return q.to("/captures/" + j.ID)
}

// documentGrid is the devices of a scan document as a table.
func documentGrid(doc *ward.Document) page.Grid {
	g := page.Grid{ID: "found", Label: "Devices in this capture", Cols: []page.Col{
		{Key: "st", Label: "Kind"}, {Key: "name", Label: "Device"}, {Key: "type", Label: "Type"}, {Key: "make", Label: "Manufacturer"}, {Key: "model", Label: "Model"},
		{Key: "os", Label: "OS"}, {Key: "serial", Label: "Serial"}, {Key: "ip", Label: "Address"}, {Key: "conf", Label: "Confidence"}, {Key: "seen", Label: "Frames", Num: true},
	}}
	for i := range doc.Devices[:min(page.MaxFound, len(doc.Devices))] {
		d := &doc.Devices[i]
		addr := first(d.IPs)
		if addr == "" {
			addr = first(d.MACs)
		}
		conf := max(d.Claims[ward.Type].Confidence, d.Claims[ward.Model].Confidence)
		g.Rows = append(g.Rows, page.Row{ID: strconv.Itoa(i), Name: d.Title(), Cells: []page.Cell{
			{Text: lang.Kind(d.Category), Level: page.Plain, Show: page.AsStatus}, {Text: d.Title()}, {Text: lang.Type(d.Value(ward.Type)), Sub: addr}, {Text: d.Value(ward.Manufacturer)},
			{Text: d.Value(ward.Model)}, {Text: d.Value(ward.OS)}, {Text: d.Value(ward.Serial)}, {Text: addr, Show: page.AsCode}, {Value: conf, Show: page.AsConfidence}, {Text: lang.Int(d.Packets)},
		}})
	}
	return g
}
