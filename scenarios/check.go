package scenarios

import (
	"fmt"
	"strings"

	"chordsim/sim"
)

// semantics checks what no schema can say: how values fit together. A section
// or step in which the schema found something is left alone, so that nobody is
// told of the consequences of a slip beside the slip.
type semantics struct {
	file     string
	root     *tree
	spec     *Spec
	dirty    map[string]bool
	problems *problemList
}

// fail reports a problem at a path, or at the deepest value on its way.
func (s *semantics) fail(path, message, hint string) {
	steps, err := parsePath(path)
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	t, found := s.root.find(steps)
	at := t.head()
	if found && t.note != "" {
		message += " (" + t.note + ")"
	}
	s.problems.add(problemAt(s.file, at, path, message, hint))
}

func (s *semantics) check() {
	if !s.dirty["ring"] {
		s.ring()
	}
	if !s.dirty["network"] {
		s.network()
	}
	if !s.dirty["data"] {
		s.stored()
	}
	if !s.dirty["timeline"] {
		s.timeline()
	}
	if r := s.spec.Repeat; s.dirty["repeat"] {
	} else if r.adaptive() && r.Least > r.Most {
		s.fail("repeat.at_least", fmt.Sprintf("at_least %d is more than at_most %d", r.Least, r.Most), "")
	} else if len(s.spec.Reference) == 0 && r.Least > 0 {
		s.fail("repeat", "until is about the means that references compare, and there is no reference", "write a number of runs, or add a section reference")
	}
	if every := s.spec.Output.Sample; !s.dirty["output"] && every != 0 && every < Millisecond {
		s.fail("output.sample", "sample must be at least 1ms", "")
	}
}

func (s *semantics) ring() {
	r := &s.spec.Ring
	if r.Protocol == "corrected" && r.Successors < 2 && !s.plays() {
		s.fail("ring.successors", "corrected needs a successor list of 2 or more", "write successors: 2, or another protocol")
	}
	s.fallback()
	rules := r.chordConfig().Rules
	if err := rules.CheckLists(r.Successors); err != nil {
		s.fail("ring.successors", err.Error(), "write successors: 2, or other rules")
	}
	s.candidates()
	if r.RPCTimeout == 0 {
		s.fail("ring.rpc_timeout", "rpc_timeout must be above 0", "")
	} else if r.LookupDeadline < r.RPCTimeout {
		s.fail("ring.lookup_deadline", fmt.Sprintf("lookup_deadline %v is shorter than rpc_timeout %v", r.LookupDeadline, r.RPCTimeout), "")
	}
	for _, p := range []struct {
		path string
		p    PeriodSpec
	}{{"ring.stabilize", r.Stabilize}, {"ring.fix_fingers", r.FixFingers}, {"ring.check_predecessor", r.CheckPredecessor}} {
		s.period(p.path, p.p)
	}
	if !r.Detector.Perfect() && r.Detector.After != 0 {
		s.fail("ring.detector.after", "after belongs to the perfect detector", "write rpc_timeout, or model: perfect")
	}
	if r.Detector.Perfect() && !s.dirty["network"] {
		if !s.spec.Network.Loss.IsZero() {
			s.fail("network.loss", "a perfect detector is not possible on a network that loses messages", "write loss: 0, or detector: timeout")
		}
		if s.spec.Network.Latency.Missing == "drop" {
			s.fail("network.latency.missing", "a perfect detector is not possible on a network that loses messages", "write missing: error, or detector: timeout")
		}
	}
}

// candidates checks what several candidates for the next hop need.
func (s *semantics) candidates() {
	r := &s.spec.Ring
	switch {
	case r.Candidates > 1 && r.Lookup == "fallback":
		s.fail("ring.candidates", "lookup: fallback names its own candidates", "write candidates: 1, or lookup: iterative")
	case r.Candidates > r.Successors:
		s.fail("ring.candidates", fmt.Sprintf("%d candidates need the %d nodes after a finger, and lists of %d do not tell them",
			r.Candidates, r.Candidates-1, r.Successors), fmt.Sprintf("write successors: %d or more", r.Candidates))
	}
	if tells := s.spec.Ring.Rules.RefreshTells; tells != nil && !bool(*tells) && r.Lookup != "iterative" {
		s.fail("ring.rules.refresh_tells", "only iterative lookups tell others of the dead", "write refresh_tells: on, or lookup: iterative")
	}
	if bool(r.OwnerFromList) && r.Lookup == "fallback" {
		s.fail("ring.owner_from_list", "lookup: fallback ends at the key's predecessor", "write owner_from_list: off, or lookup: iterative")
	}
	if bool(r.OwnerAnswers) && r.Lookup == "fallback" {
		s.fail("ring.owner_answers", "lookup: fallback ends when the owner is named", "write owner_answers: off, or lookup: iterative")
	}
}

// period refuses an interval too short to simulate.
func (s *semantics) period(path string, p PeriodSpec) {
	if 0 < p.Every && p.Every < Millisecond {
		s.fail(path+".every", fmt.Sprintf("%s every %v is below 1ms", lastPart(path), p.Every), "0s is never")
	}
}

// lastPart returns the last key of a path.
func lastPart(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func (s *semantics) network() {
	n := &s.spec.Network
	if n.Loss.compare(1) == 0 {
		s.fail("network.loss", "a network that loses every message cannot be simulated", "loss is below 1")
	}
	l := s.root.child("network").child("latency")
	if l == nil || l.kind != mappingNode {
		if n.Latency.Model == "constant" {
			s.simProblems("network.latency", n.Latency.Params().Validate())
		}
		return
	}
	s.parameters("network.latency", l, n.Latency.Model, latencyParams, "model", func() error { return n.Latency.Params().Validate() })
}

// parameters checks the parameters of a model: no foreign ones, and the rest
// as sim has them.
func (s *semantics) parameters(path string, t *tree, kind string, params map[string][]string, key string, validate func() error) {
	bad, known := foreign(t, kind, params, key)
	for _, c := range bad {
		hint := fmt.Sprintf("%s has %s", kind, known)
		if near := nearest(c.key, params[kind]); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		s.problems.add(problemAt(s.file, c.keyAt, path+"."+c.key, fmt.Sprintf("%s %s has no parameter %q", lastPart(path), kind, c.key), hint))
	}
	if len(bad) == 0 {
		s.simProblems(path, validate())
	}
}

// simProblems reports what sim found wrong: a line a problem, each beginning
// with the name of the parameter.
func (s *semantics) simProblems(path string, err error) {
	if err == nil {
		return
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		name, message, ok := strings.Cut(line, ": ")
		if !ok || !isWord(name) {
			s.fail(path, line, "")
			continue
		}
		s.fail(path+"."+name, fmt.Sprintf("%s %s: %s", lastPart(path), name, message), "")
	}
}

// newDistribution returns a distribution that is no file.
func newDistribution(d DistributionSpec) (sim.Distribution, error) {
	return sim.NewDistribution(d.Params())
}

// timeline walks through the steps: what each needs of those before it, and
// the least time at which it can begin.
func (s *semantics) timeline() {
	w := &timelineWalk{semantics: s}
	for i := range s.spec.Timeline {
		w.step(i)
	}
	if w.now > maxTimeline {
		s.fail("timeline", "the steps take more than a century", "shorten them")
	}
	if nodes := s.spec.MaxNodes(); !w.blind && !s.dirty["ring"] {
		s.size(nodes)
	}
}

// maxTimeline bounds the virtual time of a run well within an int64.
const maxTimeline = 100 * 365 * 24 * Hour

// size checks the number of nodes against the identifiers.
func (s *semantics) size(nodes int64) {
	r := &s.spec.Ring
	switch {
	case nodes > maxNodes:
		s.fail("timeline", fmt.Sprintf("the steps make up to %d nodes; %d are the limit", nodes, maxNodes), "")
	case r.Bits < 40 && nodes > 1<<r.Bits:
		s.fail("ring.bits", fmt.Sprintf("%d bits have fewer identifiers than the %d nodes of the timeline", r.Bits, nodes), "write more bits")
	case r.IDs == "hash" && r.Bits < 60 && nodes > 1 && nodes > (1<<r.Bits)/nodes:
		s.fail("ring.bits", fmt.Sprintf("%d nodes with hashed identifiers of %d bits are likely to collide", nodes, r.Bits), "write more bits, or ids: random")
	}
}

// timelineWalk is the state of the walk. It is blind once a step was broken:
// what that one would have done is not known.
type timelineWalk struct {
	*semantics
	now     Duration // the least time at which the next step begins
	blind   bool
	unnamed bool     // a broken step may have named a group or a fault
	members bool     // there may be some
	gone    bool     // some may be
	keys    bool     // some have been named
	groups  []string // named so far
	begun   []string // faults that have a name, so far
	arrived arrivals
}

func (w *timelineWalk) step(i int) {
	path := fmt.Sprintf("timeline[%d]", i)
	action := w.spec.Timeline[i].Action
	if w.dirty[path] || action == nil {
		w.blind = true
		w.namedBroken(i)
		return
	}
	path += "." + action.Verb()
	if at := action.Common().At; at != nil {
		if *at < w.now && !w.blind {
			w.fail(path+".at", fmt.Sprintf("at %v has passed: the steps before take at least until %v", *at, w.now), "write a later time, or background: on before")
		}
		w.now = max(w.now, *at)
	}
	if !InBackground(action) && w.now <= maxTimeline {
		w.now += action.Lasts()
	}
	w.order(path, action)
	if g, ok := action.(interface{ guarded() bool }); ok && g.guarded() && w.spec.Ring.VirtualNodes > 1 && !w.dirty["ring"] {
		w.fail(path+".guarded", "the guard is about single nodes, and hosts here run several", "write virtual_nodes: 1, or guarded: off")
	}
	w.seedServer(path, action)
	w.faults(path, w.spec.Timeline[i].Name, action)
	switch a := action.(type) {
	case *StartStep:
		w.arrives(path, a.Nodes, a.Hosts)
	case *JoinStep:
		w.through(path, a.Through)
		w.arrives(path, a.Nodes, a.Hosts)
		if a.Arrivals == "burst" && a.Over > 0 {
			w.fail(path+".over", "a burst arrives at once", "remove over, or write arrivals: even")
		}
		if a.Arrivals == "poisson" && a.Over == 0 {
			w.fail(path, "poisson arrivals need a time", "add over")
		}
	case *LeaveStep:
		w.oneOf(path, []string{"count", "fraction", "hosts"}, a.Count > 0, a.Fraction != nil, len(a.Hosts) > 0)
		w.known(path+".hosts", a.Hosts)
	case *FailStep:
		if a.Group == seedServerGroup {
			w.fail(path+".group", "the seed server is no member", "write seed_server: down")
			break
		}
		w.selection(path, a.selection(), "probability", a.Probability != nil, true)
	case *RestartStep:
		if !a.All() {
			w.oneOf(path, []string{"count", "fraction", "hosts"}, a.Count > 0, a.Fraction != nil, len(a.Hosts) > 0)
		}
		w.known(path+".hosts", a.Hosts)
		w.through(path, a.Through)
	case *ChurnStep:
		w.through(path, a.Through)
		w.arrived.unknown = w.arrived.unknown || a.bringsOthers()
		w.churn(path, a)
	case *LookupStep:
		w.lookup(path, a)
	case *PutStep, *GetStep, *DeleteStep, *WorkloadStep:
		w.data(path, action)
	case *StabilizationStep:
		w.oneOf(path, []string{"state", "rounds"}, a.State != nil, a.Rounds != nil)
	case *WaitStep:
		if a.For == 0 && a.At == nil {
			w.fail(path, "wait needs a time", "write wait: 5m")
		}
	case *PlayStep:
		w.play(path, a)
	case *AwaitStep:
		w.await(path, a)
	case *MeasureStep:
		w.measure(path, a)
	}
}

// order checks what a step needs of those before it.
func (w *timelineWalk) order(path string, action Action) {
	switch a := action.(type) {
	case *StartStep:
		if w.members && !w.blind {
			w.fail(path, "start builds a ring where there is none, and there are nodes already", "write join")
		}
		w.members = true
		return
	case *JoinStep:
		w.members = true
		return
	case *WaitStep, *StabilizationStep, *SeedServerStep, *HealStep, *PlayStep:
		return
	case *RestartStep:
		if !w.gone && !w.blind {
			w.fail(path, "no step before makes a node fail or leave", "")
		}
		return
	case *ChurnStep:
		w.gone = true
		if a.Joins != nil && !a.Joins.IsZero() {
			w.members = true
		}
	case *FailStep, *LeaveStep:
		w.gone = true
	}
	if !w.members && !w.blind {
		w.fail(path, "there are no nodes yet", "begin with start or join")
		w.members = true // said once
	}
}

// oneOf checks that exactly one of the keys is given.
func (w *timelineWalk) oneOf(path string, keys []string, given ...bool) {
	var there []string
	for i, g := range given {
		if g {
			there = append(there, keys[i])
		}
	}
	switch {
	case len(there) == 0:
		w.fail(path, fmt.Sprintf("%s needs one of %s", lastPart(path), strings.Join(keys, ", ")), "")
	case len(there) > 1:
		not, hint := "both", "remove one"
		if len(there) > 2 {
			not, hint = "all", "remove all but one"
		}
		w.fail(path+"."+there[1], fmt.Sprintf("%s takes one of %s, not %s", lastPart(path), strings.Join(there, " and "), not), hint)
	}
}

func (w *timelineWalk) churn(path string, a *ChurnStep) {
	w.positive(path, "for", a.For)
	rates := a.Joins != nil || a.Departures != nil
	switch {
	case rates && (a.Lifetime != nil || a.Downtime != nil):
		w.fail(path, "churn goes by rates (joins, departures) or by lifetimes (lifetime, downtime), not by both", "remove one pair")
		return
	case !rates && a.Lifetime == nil:
		w.fail(path, "churn needs joins, departures or lifetime", "")
		return
	case rates:
		if a.Return != "" {
			w.fail(path+".return", "by rates nobody returns", "remove it, or write lifetime and downtime")
		}
		return
	}
	body := w.body(path)
	w.distribution(path+".lifetime", body.child("lifetime"), a.Lifetime)
	fromFile := a.Lifetime.Distribution == "file"
	switch {
	case a.Downtime == nil && a.Return != "none" && !fromFile:
		w.fail(path, "churn by lifetimes needs downtime", "add it, or return: none")
	case a.Downtime != nil && (a.Return == "none" || fromFile):
		w.fail(path+".downtime", "downtime has no use here", "nobody returns, or the file says when")
	case a.Downtime != nil && a.Downtime.Distribution == "file":
		w.fail(path+".downtime.distribution", "a file has the times up and down together", "name it under lifetime")
	case a.Downtime != nil:
		w.distribution(path+".downtime", body.child("downtime"), a.Downtime)
	}
}

// body returns what is given for a step.
func (w *timelineWalk) body(path string) *tree {
	steps, err := parsePath(path)
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	t, _ := w.root.find(steps)
	return t
}

func (w *timelineWalk) distribution(path string, t *tree, d *DistributionSpec) {
	if t == nil {
		return
	}
	w.parameters(path, t, d.Distribution, distributionParams, "distribution", func() error {
		if p := d.Params(); p != nil {
			return p.Validate()
		}
		if d.File == "" {
			return fmt.Errorf("file: missing")
		}
		return nil
	})
}

// positive checks that a duration is given and above 0.
func (w *timelineWalk) positive(path, key string, d Duration) {
	switch {
	case d > 0:
	case w.body(path).child(key) == nil:
		w.fail(path, fmt.Sprintf("%s has no %s", lastPart(path), key), "add "+key)
	default:
		w.fail(path+"."+key, key+" must be above 0", "")
	}
}

func (w *timelineWalk) lookup(path string, a *LookupStep) {
	w.oneOf(path, []string{"count", "rate", "per_node"}, a.Count > 0, a.Rate != nil, a.PerNode != nil)
	if a.Count > 0 && a.For > 0 {
		w.fail(path+".for", "for belongs to rate and per_node", "write over to spread a count")
	}
	if a.Count == 0 && (a.Rate != nil || a.PerNode != nil) {
		if a.Over > 0 {
			w.fail(path+".over", "over belongs to count", "write for")
		} else {
			w.positive(path, "for", a.For)
		}
	}
	if a.Rate != nil && a.Rate.IsZero() {
		w.fail(path+".rate", "rate must be above 0", "")
	}
	if a.PerNode != nil {
		if a.PerNode.Every == 0 {
			w.fail(path+".per_node.every", "every must be above 0", "")
		}
		w.period(path+".per_node", *a.PerNode)
	}
}

func (w *timelineWalk) await(path string, a *AwaitStep) {
	if a.Ring == "" && a.RightFingers == nil && a.RightLists == nil && a.Stability == nil {
		w.fail(path, "await needs one or more of ring, right_fingers, right_lists, stability", "")
	}
	w.positive(path, "within", a.Within)
	if a.Check < Millisecond {
		w.fail(path+".check", "check must be at least 1ms", "")
	}
}

func (w *timelineWalk) measure(path string, a *MeasureStep) {
	if !bool(a.Ring) && !bool(a.Traffic) && !bool(a.Data) && a.Load == nil {
		w.fail(path, "measure needs one or more of ring, load, data, traffic", "")
	}
	if bool(a.Data) || a.Load != nil && a.Load.Stored {
		w.needsKeys(path)
	}
	if bool(a.Traffic) && a.Over == 0 {
		w.fail(path, "traffic is measured for a time", "add over")
	}
	if !bool(a.Traffic) && a.Over > 0 {
		w.fail(path+".over", "over belongs to traffic", "remove it")
	}
	if !bool(a.Traffic) && bool(a.Background) {
		w.fail(path+".background", "only traffic takes a while", "remove it")
	}
}
