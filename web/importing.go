package web

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
	"github.com/wardkeeper/wardkeeper/web/page"
)

// Between the steps of an import the file that was read waits here: a few at a time, for an hour.
const (
	maxImports   = 8
	importLife   = time.Hour
	maxImportLen = 64 << 20
)

// imports are the files that wait for their columns or for the word to go in.
type imports struct {
	mu   sync.Mutex
	list []waitingImport // oldest first
}

type waitingImport struct {
	id, person string
	at         time.Time
	table      *importing.Table
}

func (w *imports) put(now time.Time, person string, t *importing.Table) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.list) >= maxImports {
		w.list = w.list[1:]
	}
	id := store.NewID(now)
	w.list = append(w.list, waitingImport{id, person, now, t})
	return id
}

// take gives a waiting file to the person who brought it.
func (w *imports) take(now time.Time, person, id string) (*importing.Table, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range w.list {
		if x.id == id && x.person == person && now.Sub(x.at) < importLife {
			return x.table, nil
		}
	}
	return nil, &ward.Error{Kind: ward.NotFound, Op: "web.import", Msg: "This file is no longer kept. Choose it again."}
}

func (w *imports) drop(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, x := range w.list {
		if x.id == id {
			w.list = append(w.list[:i:i], w.list[i+1:]...)
			return
		}
	}
}

func (s *Server) importForm(q *request) error { return s.showImport(q, http.StatusOK, page.Import{}) }

func (s *Server) showImport(q *request, status int, v page.Import) error {
	v.Now, v.Targets = q.now, importing.Targets()
	return q.showAs(status, page.ImportPage(s.frame(q, "Import a register", "/import"), v))
}

func (s *Server) importFile(q *request) error {
	name, file, err := q.file("register", maxImportLen)
	if err == nil {
		var t *importing.Table
		if t, err = s.Importer.Read(name, file); err == nil {
			return q.to("/import/" + s.imports.put(q.now, q.person.ID, t))
		}
	}
	if ward.KindOf(err) == ward.Internal {
		return err
	}
	return s.showImport(q, http.StatusBadRequest, page.Import{Error: ward.Message(err)})
}

func (s *Server) importColumns(q *request) error {
	id := q.PathValue("id")
	t, err := s.imports.take(q.now, q.person.ID, id)
	if err != nil {
		return err
	}
	return s.showImport(q, http.StatusOK, page.Import{ID: id, Table: t, Mapping: s.Importer.Propose(t)})
}

// mapping reads what each column means out of the form.
func (q *request) mapping(t *importing.Table) importing.Mapping {
	m := make(importing.Mapping, len(t.Header))
	for i := range m {
		m[i] = importing.Target(q.word(fmt.Sprintf("c%d", i)))
	}
	return m
}

func (s *Server) importPreview(q *request) error {
	id := q.PathValue("id")
	t, err := s.imports.take(q.now, q.person.ID, id)
	if err != nil {
		return err
	}
	m := q.mapping(t)
	p, err := s.Importer.Preview(q.Context(), t, m)
	if err != nil {
		if ward.KindOf(err) == ward.Internal {
			return err
		}
		return s.showImport(q, http.StatusBadRequest, page.Import{ID: id, Table: t, Mapping: m, Error: ward.Message(err)})
	}
	p.Mapping = m
	return s.showImport(q, http.StatusOK, page.Import{ID: id, Table: t, Mapping: m, Preview: p})
}

func (s *Server) importApply(q *request) error {
	id := q.PathValue("id")
	t, err := s.imports.take(q.now, q.person.ID, id)
	if err != nil {
		return err
	}
	m := q.mapping(t)
	var done *importing.Result
	err = q.change(t.Name, "imported "+lang.N(len(t.Rows), "row", "rows")+" of "+t.Name, func(ctx context.Context, tx store.Tx) error {
		var err error
		done, err = s.Importer.Apply(ctx, tx, t, m, q.word("strict") == "yes")
		return err
	})
	if err != nil {
		if ward.KindOf(err) == ward.Internal {
			return err
		}
		return s.showImport(q, http.StatusBadRequest, page.Import{ID: id, Table: t, Mapping: m, Error: ward.Message(err)})
	}
	s.imports.drop(id)
	return s.showImport(q, http.StatusOK, page.Import{ID: id, Result: done})
}
