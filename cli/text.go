package cli

import (
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
)

// safe makes text from the network harmless on a terminal: a device's name cannot move the cursor
// or change colours.
func safe(s string) string { return decode.Clean(s) }

// terminal reports whether w is a terminal, and how wide.
func terminal(w io.Writer) (width int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile {
		return 0, false
	}
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ) //nolint:gosec // a file descriptor is small
	if err != nil {
		return 0, false
	}
	return int(size.Col), true
}

// table writes aligned columns. Columns are cut, widest first, until a line fits the width; a
// width of 0 cuts nothing.
type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) {
	for i := range cells {
		cells[i] = safe(cells[i])
	}
	t.rows = append(t.rows, cells)
}

func (t *table) print(w io.Writer, width int) error {
	const gap = 2
	wide := make([]int, len(t.head))
	for i, h := range t.head {
		wide[i] = utf8.RuneCountInString(h)
	}
	for _, r := range t.rows {
		for i, c := range r {
			wide[i] = max(wide[i], utf8.RuneCountInString(c))
		}
	}
	for width > 0 {
		total, widest := gap*(len(wide)-1), 0
		for i, n := range wide {
			total += n
			if n > wide[widest] {
				widest = i
			}
		}
		if total <= width || wide[widest] <= 8 {
			break
		}
		wide[widest] -= min(total-width, wide[widest]-8, 4)
	}
	var b strings.Builder
	line := func(cells []string) {
		start := b.Len()
		for i, c := range cells {
			n := utf8.RuneCountInString(c)
			if n > wide[i] {
				c = string([]rune(c)[:wide[i]-1]) + "…"
				n = wide[i]
			}
			b.WriteString(c)
			if i < len(cells)-1 {
				b.WriteString(strings.Repeat(" ", wide[i]-n+gap))
			}
		}
		text := strings.TrimRight(b.String()[start:], " ")
		rest := b.String()[:start]
		b.Reset()
		b.WriteString(rest)
		b.WriteString(text)
		b.WriteByte('\n')
	}
	line(t.head)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return err
	}
	for _, r := range t.rows {
		b.Reset()
		line(r)
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	return nil
}
