package scenarios

import "fmt"

// stored checks the section data, where it has a meaning.
func (s *semantics) stored() {
	d, r := &s.spec.Data, &s.spec.Ring
	if d.WriteQuorum > d.Replicas {
		s.fail("data.write_quorum", fmt.Sprintf("a write_quorum of %d is more than the %d replicas", d.WriteQuorum, d.Replicas), "write replicas or less")
	}
	if !s.dirty["ring"] && d.Replicas > r.Successors+1 {
		s.fail("data.replicas", fmt.Sprintf("%d replicas need a successor list of %d; it has %d entries", d.Replicas, d.Replicas-1, r.Successors),
			"write fewer replicas, or longer lists (ring.successors)")
	}
	if nodes := s.spec.MaxNodes(); !s.dirty["ring"] && !s.dirty["timeline"] && s.spec.storesData() && nodes > 0 && int64(d.Replicas) > nodes {
		s.fail("data.replicas", fmt.Sprintf("%d replicas are more than the nodes of the timeline, %d", d.Replicas, nodes), "write fewer replicas, or more nodes")
	}
	if d.HandOver == "echord" {
		if d.Replicas > 1 {
			s.fail("data.replicas", "E-Chord keeps no copies", "write replicas: 1, or hand_over: safe")
		}
		if d.Repair > 0 {
			s.fail("data.repair", "E-Chord repairs nothing", "write repair: 0s, or hand_over: safe")
		}
		if d.Rules != (DataRules{}) {
			s.fail("data.rules", "the rules are those of hand_over: safe", "remove them, or write hand_over: safe")
		}
	}
	if 0 < d.Repair && d.Repair < Second {
		s.fail("data.repair", fmt.Sprintf("repair %v is below 1s", d.Repair), "0s is never")
	}
	if t := s.root.child("data").child("deadline"); t != nil && t.kind == scalarNode {
		if given, err := ParseDuration(t.text); err == nil && given == 0 {
			s.fail("data.deadline", "deadline must be above 0", "")
		}
	}
	if !s.dirty["ring"] && d.Deadline < r.RPCTimeout {
		s.fail("data.deadline", fmt.Sprintf("deadline %v is shorter than rpc_timeout %v", d.Deadline, r.RPCTimeout), "")
	}
}

// data checks a step that puts, gets or deletes keys.
func (w *timelineWalk) data(path string, action Action) {
	named := func(count int64, each Switch, rate *Rate, over, while Duration) {
		w.needsKeys(path)
		w.oneOf(path, []string{"count", "each", "rate"}, count > 0, bool(each), rate != nil)
		w.paced(path, rate, over, while)
	}
	switch a := action.(type) {
	case *PutStep:
		w.keys = true
		w.put(path, a)
	case *WorkloadStep:
		w.keys = true
		w.workload(path, a)
	case *GetStep:
		named(a.Count, a.Each, a.Rate, a.Over, a.For)
	case *DeleteStep:
		named(a.Count, a.Each, a.Rate, a.Over, a.For)
	}
}

// paced checks a step that is a count of operations or a rate of them.
func (w *timelineWalk) paced(path string, rate *Rate, over, while Duration) {
	switch {
	case rate != nil && over > 0:
		w.fail(path+".over", "over belongs to a count", "write for")
	case rate != nil:
		w.positive(path, "for", while)
		if rate.IsZero() {
			w.fail(path+".rate", "rate must be above 0", "")
		}
	case while > 0:
		w.fail(path+".for", "for belongs to rate", "write over to spread a count")
	}
}

func (w *timelineWalk) put(path string, a *PutStep) {
	w.oneOf(path, []string{"count", "file", "rate"}, a.Count > 0, a.File != "", a.Rate != nil)
	w.paced(path, a.Rate, a.Over, a.For)
	if a.File != "" && a.Keys > 0 {
		w.fail(path+".keys", "a file has keys of its own", "remove keys")
	}
	switch {
	case a.File == "":
		w.sizes(path, a.Size)
	case w.body(path).child("size") != nil:
		w.fail(path+".size", "a file has values of its own", "remove size")
	}
}

// sizes checks the lengths of values against the limit.
func (w *timelineWalk) sizes(path string, s SizeSpec) {
	switch limit := w.spec.Data.MaxValue; {
	case s.Min > s.Max:
		w.fail(path+".size", fmt.Sprintf("values of %d to %d bytes: min is above max", s.Min, s.Max), "")
	case s.Max > limit && !w.dirty["data"]:
		w.fail(path+".size", fmt.Sprintf("values of %d bytes are above the limit of %d", s.Max, limit), "write smaller ones, or a larger data.max_value")
	}
}

func (w *timelineWalk) workload(path string, a *WorkloadStep) {
	w.paced(path, a.Rate, 0, a.For)
	w.sizes(path, a.Size)
	if get, put, del := a.Mix.parts(); get+put+del != whole {
		sum := number(float64(get+put+del) / (whole / 100))
		w.fail(path+".mix", fmt.Sprintf("the shares of get, put and delete add up to %s %%, not to 100 %%", sum), "")
	}
	if p := a.Popularity; p.Model == "uniform" && p.Exponent != defaultExponent && !p.Exponent.IsZero() {
		w.fail(path+".popularity.exponent", "exponent belongs to zipf", "remove it")
	} else if p.Model == "zipf" && (p.Exponent.IsZero() || p.Exponent.Float() > 5) {
		w.fail(path+".popularity.exponent", fmt.Sprintf("an exponent of %s is not above 0 and at most 5", p.Exponent), "")
	}
}

// needsKeys checks that a step before has named keys.
func (w *timelineWalk) needsKeys(path string) {
	if !w.keys && !w.blind {
		w.fail(path, "no step before puts keys", "begin with put or workload")
		w.keys = true // said once
	}
}
