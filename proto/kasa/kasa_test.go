package kasa

import (
	"encoding/binary"
	"testing"
)

const info = `{"system":{"get_sysinfo":{"sw_ver":"1.0.8","model": "HS100(EU)","err_code":0}}}`

func TestClearAndSecretAgree(t *testing.T) {
	b := AppendSecret(nil, info)
	if !Is(b) || Is([]byte(info)) {
		t.Error("only the hidden text is the protocol")
	}
	text := AppendClear(nil, b)
	if string(text) != info || string(Value(text, "model")) != "HS100(EU)" || Value(text, "err_code") != nil || Value(text, "ver") != nil {
		t.Errorf("text %q, model %q", text, Value(text, "model"))
	}
	stream := append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...)
	if size, ok := Frame(stream); size != len(stream) || !ok {
		t.Errorf("frame %d %v", size, ok)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(AppendSecret(nil, info))
	f.Fuzz(func(t *testing.T, b []byte) {
		Is(b)
		Frame(b)
		text := AppendClear(nil, b)
		if string(AppendSecret(nil, string(text))) != string(b) {
			t.Fatal("not the same again")
		}
		Value(text, "a")
	})
}
