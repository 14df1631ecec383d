package prints

import (
	"embed"
	"fmt"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

//go:embed data/*.txt
var data embed.FS

// Builtin returns a new set of the fingerprints that are compiled in. An error would be a fault of
// the build: a test reads the same files.
func Builtin() (*Set, error) {
	s := NewSet()
	files, err := data.ReadDir("data")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		text, err := data.ReadFile("data/" + f.Name())
		if err != nil {
			return nil, err
		}
		if err := s.parse(f.Name(), string(text), nil); err != nil {
			return nil, err
		}
	}
	return s, nil
}

var trusts = map[string]ward.Trust{
	"hint": ward.TrustHint, "weak": ward.TrustWeak, "role": ward.TrustRole, "registry": ward.TrustRegistry,
	"likely": ward.TrustRegistry, // as sure as a registry, and outranked by what a device serves
	"banner": ward.TrustBanner, "stated": ward.TrustStated, "proven": ward.TrustProven,
}

var attrs = map[string]ward.Attr{
	"manufacturer": ward.Manufacturer, "model": ward.Model, "type": ward.Type, "os": ward.OS,
	"firmware": ward.Firmware, "serial": ward.Serial, "role": ward.Role, "hardware": ward.Hardware,
	"component": ward.Component, "place": ward.Place, "name": ward.Hostname,
}

// reader is the place in a file of fingerprints.
type reader struct {
	set    *Set
	fields []string
	trust  ward.Trust
	last   *fingerprint
	each   func(fields []string, p *fingerprint)
}

// Parse adds the fingerprints of one text to the set. Errors name the file and the line; nothing of
// a text with an error is promised to be in the set.
func (s *Set) Parse(file, text string) error { return s.parse(file, text, nil) }

func (s *Set) parse(file, text string, each func([]string, *fingerprint)) error {
	r := reader{set: s, each: each}
	for n := 1; text != ""; n++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if err := r.line(line); err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
	}
	return nil
}

func (r *reader) line(line string) error {
	switch {
	case strings.TrimSpace(line) == "" || line[0] == '#':
		return nil
	case line[0] == '[':
		return r.section(line)
	case line[0] != ' ':
		return r.print(line)
	case r.last == nil:
		return fmt.Errorf("example without a print")
	case strings.HasPrefix(line, "  + "):
		r.last.yes = append(r.last.yes, line[4:])
	case strings.HasPrefix(line, "  - "):
		r.last.no = append(r.last.no, line[4:])
	case strings.HasPrefix(line, "  & "):
		field, pattern, ok := strings.Cut(line[4:], ": ")
		if !ok {
			return fmt.Errorf("a condition is FIELD: PATTERN")
		}
		c := &Condition{Field: field, pattern: pattern}
		for i := range r.last.claims {
			r.last.claims[i].If = c
		}
	default:
		return fmt.Errorf("%q is no example", line)
	}
	return nil
}

func (r *reader) section(line string) error {
	names, trust, ok := strings.Cut(line[1:], "]")
	if !ok {
		return fmt.Errorf("section without ]")
	}
	r.fields = nil
	for _, f := range strings.Split(names, ",") {
		r.fields = append(r.fields, strings.TrimSpace(f))
	}
	r.last = nil
	if r.trust, ok = trusts[strings.TrimSpace(trust)]; !ok {
		return fmt.Errorf("%q is no trust", trust)
	}
	return nil
}

func (r *reader) print(line string) error {
	id, rest, ok := strings.Cut(line, ": ")
	if !ok || r.fields == nil {
		return fmt.Errorf("a print is ID: PATTERN => CLAIMS below a [section]")
	}
	at := strings.LastIndex(rest, " => ")
	if at < 0 {
		return fmt.Errorf("print %s claims nothing", id)
	}
	p := &fingerprint{id: id, pattern: rest[:at]}
	for _, c := range strings.Split(rest[at+4:], ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(c), "=")
		attr, known := attrs[name]
		if !ok || !known {
			return fmt.Errorf("print %s: %q is no claim", id, c)
		}
		trust := r.trust
		if i := strings.LastIndexByte(value, '@'); i >= 0 {
			if trust, ok = trusts[value[i+1:]]; !ok {
				return fmt.Errorf("print %s: %q is no trust", id, value[i+1:])
			}
			value = value[:i]
		}
		p.claims = append(p.claims, Claim{Attr: attr, Value: value, Trust: trust, Print: id})
	}
	r.last = p
	r.set.add(r.fields, p)
	if r.each != nil {
		r.each(r.fields, p)
	}
	return nil
}
