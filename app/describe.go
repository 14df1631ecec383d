package app

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Describe writes a configuration file with every key, its meaning and its default.
func Describe(w io.Writer) error {
	def := DefaultConfig()
	fmt.Fprintln(w, "# Wardkeeper configuration. Every key is optional; the values shown are the defaults.")
	fmt.Fprintln(w, "# Read at the start:")
	if err := describe(w, reflect.ValueOf(def.Fixed), ""); err != nil {
		return err
	}
	fmt.Fprintln(w, "\n# Read again on SIGHUP; a file with a mistake keeps the old values:")
	if err := describe(w, reflect.ValueOf(def.Reload), ""); err != nil {
		return err
	}
	fmt.Fprintln(w, "# An entry of zones:")
	return describe(w, reflect.ValueOf(Zone{}), "#   ")
}

func describe(w io.Writer, v reflect.Value, indent string) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		value, err := yaml.Marshal(v.Field(i).Interface())
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s# %s\n", strings.TrimSuffix(indent, "  "), f.Tag.Get("doc"))
		fmt.Fprintf(w, "%s%s: %s\n", indent, f.Tag.Get("yaml"), strings.TrimSpace(string(value)))
	}
	return nil
}
