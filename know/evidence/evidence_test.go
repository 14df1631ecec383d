package evidence_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	at      = time.Date(2026, 11, 23, 12, 10, 0, 0, time.UTC)
	serial  = ward.Field{Protocol: "dicom", Name: "device serial number", Proves: ward.Serial, Trust: ward.TrustStated}
	secured = true
)

func subject(n int) ward.Subject {
	return ward.Subject{
		MAC: ward.MAC{0, 0x11, 0x22, 0x33, byte(n >> 8), byte(n)}, IP: ward.IP4([]byte{10, 11, byte(n >> 8), byte(n)}), VLAN: 110,
	}
}

func observation(ns int64) *ward.Observation {
	a, b := subject(1), subject(2)
	return &ward.Observation{
		Sensor: "one", Until: ns,
		Sightings: []ward.Sighting{
			{Subject: a, Field: &serial, Value: "HX-1", First: ns, Last: ns, Count: 2, Source: 1, Frame: 7},
			{Subject: a, Field: &decode.Speaks, Value: "dicom", First: ns, Last: ns, Count: 1, Frame: 7},
			{Subject: a, Peer: b, Field: &serial, Value: "present, 8 characters", Finding: ward.ClearTextPassword, First: ns, Last: ns, Count: 1, Frame: 9},
		},
		Bindings: []ward.Binding{{MAC: a.MAC, IP: a.IP, VLAN: 110, How: "arp", First: ns, Last: ns, Count: 1, Frame: 1}},
		Stations: []ward.Station{{MAC: a.MAC, IP: a.IP, VLAN: 110, Hops: 0, Packets: 5, Bytes: 500, First: ns, Last: ns, Frame: 1}},
		Conversations: []ward.Conversation{{
			From: a, To: b, Service: ward.Service{Transport: 6, Port: 104}, Protocol: "dicom", Packets: 10, Bytes: 1000,
			PacketsOut: 6, BytesOut: 700, First: ns, Last: ns, Answered: true, Frame: 3,
		}},
		Exchanges: []ward.Exchange{{
			Protocol: "dicom", From: a, To: b, Port: 104, Secured: &secured, What: []string{"C-ECHO"}, Names: []string{"calling CT"},
			Messages: 1, Bytes: 300, Patient: true, First: ns, Last: ns, Frame: 4,
		}},
	}
}

func each(t *testing.T, test func(*testing.T, *evidence.Journal)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		test(t, &evidence.Journal{Store: s, Site: "main", Now: func() time.Time { return at }})
	}, evidence.Migrations())
}

func replay(t *testing.T, j *evidence.Journal) *ward.Observation {
	t.Helper()
	all := &ward.Observation{}
	err := j.Replay(t.Context(), func(o *ward.Observation) error {
		all.Sensor, all.Until = o.Sensor, max(all.Until, o.Until)
		all.Sightings = append(all.Sightings, o.Sightings...)
		all.Bindings = append(all.Bindings, o.Bindings...)
		all.Stations = append(all.Stations, o.Stations...)
		all.Conversations = append(all.Conversations, o.Conversations...)
		all.Exchanges = append(all.Exchanges, o.Exchanges...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all.Sightings, func(a, b ward.Sighting) int {
		return int(a.Frame) - int(b.Frame) + 10*(len(b.Field.Protocol)-len(a.Field.Protocol))
	})
	return all
}

func TestWhatWasWrittenIsReplayed(t *testing.T) {
	each(t, func(t *testing.T, j *evidence.Journal) {
		ns := at.UnixNano()
		if err := j.Write(t.Context(), observation(ns)); err != nil {
			t.Fatal(err)
		}
		want := observation(ns)
		got := replay(t, &evidence.Journal{Store: j.Store, Site: "main"}) // as after a restart
		slices.SortFunc(want.Sightings, func(a, b ward.Sighting) int {
			return int(a.Frame) - int(b.Frame) + 10*(len(b.Field.Protocol)-len(a.Field.Protocol))
		})
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
		for _, s := range got.Sightings {
			if s.Field.Name == "speaks" && s.Field != &decode.Speaks {
				t.Fatal("the reserved field lost its address")
			}
		}
		if other := replay(t, &evidence.Journal{Store: j.Store, Site: "other"}); len(other.Stations) != 0 {
			t.Fatal("another site's evidence was replayed")
		}
	})
}

func TestRepetitionIsCountedNotStored(t *testing.T) {
	each(t, func(t *testing.T, j *evidence.Journal) {
		for i := range 3 {
			o := observation(at.Add(time.Duration(i) * time.Minute).UnixNano())
			o.Sightings = append(o.Sightings, o.Sightings[0]) // twice in one batch
			o.Exchanges[0].What = []string{"C-ECHO", fmt.Sprint("kind ", i)}
			if err := j.Write(t.Context(), o); err != nil {
				t.Fatal(err)
			}
		}
		got := replay(t, j)
		if len(got.Sightings) != 3 || len(got.Stations) != 1 || len(got.Bindings) != 1 || len(got.Conversations) != 1 || len(got.Exchanges) != 1 {
			t.Fatalf("%+v", got)
		}
		i := slices.IndexFunc(got.Sightings, func(s ward.Sighting) bool { return s.Value == "HX-1" })
		s, c, x := got.Sightings[i], got.Conversations[0], got.Exchanges[0]
		if s.Count != 12 || s.First != at.UnixNano() || s.Last != at.Add(2*time.Minute).UnixNano() || s.Frame != 7 {
			t.Fatalf("%+v", s)
		}
		if c.Packets != 30 || c.BytesOut != 2100 || got.Stations[0].Packets != 15 || x.Messages != 3 || len(x.What) != 4 {
			t.Fatalf("%+v %+v", c, x)
		}
	})
}

func TestLiveAndReplayedFieldsAreOne(t *testing.T) {
	each(t, func(t *testing.T, j *evidence.Journal) {
		if err := j.Write(t.Context(), observation(at.UnixNano())); err != nil {
			t.Fatal(err)
		}
		restarted := &evidence.Journal{Store: j.Store, Site: "main"}
		old := replay(t, restarted)
		live := observation(at.UnixNano())
		if err := restarted.Write(t.Context(), live); err != nil {
			t.Fatal(err)
		}
		if f := live.Sightings[0].Field; f == &serial || !slices.ContainsFunc(old.Sightings, func(s ward.Sighting) bool { return s.Field == f }) {
			t.Fatal("a live sighting has another field than the replayed one")
		}
	})
}

func TestTalksByHourAddressAndSize(t *testing.T) {
	each(t, func(t *testing.T, j *evidence.Journal) {
		for i := range 3 {
			o := observation(at.Add(time.Duration(i) * time.Hour).UnixNano())
			o.Conversations = append(o.Conversations, ward.Conversation{
				From: subject(3), To: subject(1), Service: ward.Service{Transport: 17, Port: 161}, Packets: 1, Bytes: 10_000,
				First: o.Until, Last: o.Until,
			})
			if err := j.Write(t.Context(), o); err != nil {
				t.Fatal(err)
			}
		}
		all, err := j.Talks(t.Context(), evidence.TalkQuery{})
		if err != nil || len(all) != 2 || all[0].Service != "udp/161" || all[0].Bytes != 30_000 || all[1].Packets != 30 {
			t.Fatalf("%+v %v", all, err)
		}
		late, err := j.Talks(t.Context(), evidence.TalkQuery{Since: at.Add(2 * time.Hour), Addresses: []string{"10.11.0.2", "10.11.0.1"}})
		if err != nil || len(late) != 2 || late[1].Packets != 10 || late[1].Protocol != "dicom" {
			t.Fatalf("%+v %v", late, err)
		}
		if none, err := j.Talks(t.Context(), evidence.TalkQuery{Addresses: []string{"10.99.0.1"}}); err != nil || len(none) != 0 {
			t.Fatal(none, err)
		}
	})
}

func TestAddressesOverTimeAndForgetting(t *testing.T) {
	each(t, func(t *testing.T, j *evidence.Journal) {
		o := observation(at.UnixNano())
		later := o.Bindings[0]
		later.IP, later.First, later.Last = ward.IP4([]byte{10, 11, 9, 9}), at.Add(time.Hour).UnixNano(), at.Add(2*time.Hour).UnixNano()
		o.Bindings = append(o.Bindings, later)
		if err := j.Write(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		mac := subject(1).MAC.String()
		spans, err := j.Addresses(t.Context(), []string{mac})
		if err != nil || len(spans) != 2 || spans[0].IP != "10.11.9.9" || !spans[0].Last.Equal(at.Add(2*time.Hour)) {
			t.Fatalf("%+v %v", spans, err)
		}
		err = j.Store.Write(t.Context(), func(tx store.Tx) error {
			return j.Forget(t.Context(), tx, []string{mac}, []string{"10.11.0.1", "10.11.9.9"})
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := replay(t, j); len(got.Sightings)+len(got.Bindings)+len(got.Stations)+len(got.Conversations) != 0 {
			t.Fatalf("still there: %+v", got)
		}
	})
}

func TestPruneRemovesTheOld(t *testing.T) {
	each(t, func(t *testing.T, j *evidence.Journal) {
		if err := j.Write(t.Context(), observation(at.Add(-91*24*time.Hour).UnixNano())); err != nil {
			t.Fatal(err)
		}
		if err := j.Write(t.Context(), observation(at.UnixNano())); err != nil {
			t.Fatal(err)
		}
		n, err := j.Prune(t.Context())
		if err != nil || n != 1 { // the flow of that hour; everything else was heard again
			t.Fatal(n, err)
		}
	})
}

// BenchmarkWrite counts sightings into the journal: half new, half known.
func BenchmarkWrite(b *testing.B) {
	for name, open := range map[string]func(testing.TB, ...store.Migrations) *store.Store{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			j := &evidence.Journal{Store: open(b, evidence.Migrations()), Site: "main"}
			const batch = 50_000
			o := &ward.Observation{Sensor: "one"}
			round := 0
			b.ResetTimer()
			for range b.N {
				o.Sightings = o.Sightings[:0]
				for i := range batch {
					n := i
					if i%2 == 0 {
						n += round * batch
					}
					o.Sightings = append(o.Sightings, ward.Sighting{
						Subject: subject(n % 60_000), Field: &serial, Value: fmt.Sprint("value ", n), First: 1, Last: 2, Count: 1,
					})
				}
				round++
				if err := j.Write(b.Context(), o); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*batch/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
