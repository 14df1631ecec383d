package app

import (
	"context"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
)

// The architecture in one page. Data flows one way:
//
//	wire      packets        -> ward.Observation   (Flush, once a tick)
//	evidence  Observation    -> the journal        (Write)
//	identity  Observation    -> ward.Device        (Observe, Changes)
//	inventory ward.Device    -> the register       (Upsert)
//	web, api  the register   -> people
//
// What flows back does so through the functions below, never by an import.

// tick is how often what was heard becomes visible.
const tick = time.Second

// learner serialises learning: identity has one owner.
type learner struct {
	mu       sync.Mutex
	judgedAt time.Time     // when findings, interfaces and coverage were last drawn up
	judging  time.Duration // how long that took
}

// learn takes one observation down the flow, from evidence to the register.
func (s *System) learn(ctx context.Context, o *ward.Observation) error {
	s.learner.mu.Lock()
	defer s.learner.mu.Unlock()
	if err := s.Journal.Write(ctx, o); err != nil {
		return err
	}
	s.Names.Observe(o)
	return s.publish(ctx, o.Sensor, o.Until)
}

// publish brings the register up to date with what identity now thinks. Devices go as they change;
// findings, interfaces and coverage are judged over the whole picture, and so take at most a
// twentieth of the time.
func (s *System) publish(ctx context.Context, sensor string, until int64) error {
	batch := inventory.Batch{Sensor: sensor, Devices: s.Names.Changes(), Gone: s.Names.Gone()}
	if until > 0 {
		batch.Until = time.Unix(0, until)
	}
	start := s.Now()
	if start.Sub(s.learner.judgedAt) >= 20*s.learner.judging {
		coverage := s.Names.Coverage()
		batch.Findings, batch.Interfaces, batch.Coverage = s.Names.Findings(), s.Names.Interfaces(), &coverage
		s.learner.judgedAt, s.learner.judging = start, s.Now().Sub(start)
	}
	_, err := s.Register.Upsert(ctx, batch)
	return err
}

// listen carries what the wire notes down the flow, once a tick, until ctx ends; then it carries
// the rest.
func (s *System) listen(ctx context.Context) error {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		select {
		case <-ctx.Done():
			return s.learn(context.WithoutCancel(ctx), s.Wire.Close())
		case <-clock.C:
			if err := s.learn(ctx, s.Wire.Flush()); err != nil && ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "what was heard could not be recorded", "err", err)
			}
		}
	}
}

// remember brings identity back to where it was before a restart.
func (s *System) remember(ctx context.Context) error {
	return s.Journal.Replay(ctx, func(o *ward.Observation) error {
		s.Names.Observe(o)
		return nil
	})
}
