package scenarios

import (
	"chordsim/chord"
	"chordsim/sim"
)

// lookup has members look up keys.
func (t *timeline) lookup(name string, a *LookupStep) func() error {
	w := t.w
	tag, watch := w.judge.watch(name)
	longest := sim.Time(w.cfg.LookupDeadline)
	t.measured = append(t.measured, measured{step: t.step, lookups: watch})
	if a.PerNode != nil {
		until := t.now() + sim.Time(a.For)
		work := w.addWork(tag, period(*a.PerNode), until)
		return func() error {
			if err := t.advance(until); err != nil {
				return err
			}
			return t.untilAnswered(longest, func() bool { return watch.ended == w.startedBy(work) })
		}
	}
	initiators, keys := t.rand(drawInitiators), t.rand(drawKeys)
	begin := func(int) {
		m := w.members
		if m.count == 0 {
			return
		}
		watch.started++
		from := m.pick(int(initiators.Intn(uint64(m.count))))
		w.command(from, &chord.Message{Kind: chord.CmdLookup, Key: keys.Uint64(), Call: tag})
	}
	answered := func() bool { return watch.ended == watch.started }
	return t.driven(int(a.Count), a.Over, a.Rate, a.For, begin, longest, answered)
}

// period turns a period of the language into one of the protocol.
func period(p PeriodSpec) chord.Period {
	return chord.Period{Every: int64(p.Every), Jitter: int64(p.Spread())}
}

// poisson calls do at the instants of a Poisson process, before until.
func (t *timeline) poisson(rate Rate, until sim.Time, do func()) {
	t.poissonOf(drawArrivals, rate, until, do)
}

// poissonOf draws the instants for a purpose of their own.
func (t *timeline) poissonOf(purpose uint64, rate Rate, until sim.Time, do func()) {
	if rate.IsZero() {
		return
	}
	gaps, err := sim.NewDistribution(sim.ExponentialDist{Mean: sim.Time(rate.Mean())})
	if err != nil {
		panic("scenarios: " + err.Error()) // rates are checked when read
	}
	r, step := t.rand(purpose), t.step
	var next func()
	next = func() {
		if at := t.now() + gaps.Draw(r.Uint64()); at < until {
			t.agenda.at(at, step, func() { do(); next() })
		}
	}
	next()
}
