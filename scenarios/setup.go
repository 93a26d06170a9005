package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"chordsim/chord"
	"chordsim/sim"
)

// ruleValues are the names of the language for the rules of the protocol.
var (
	joinRules = map[string]chord.JoinRule{
		"successor": chord.JoinSuccessor, "successor_list": chord.JoinSuccessorList,
		"predecessor_list": chord.JoinPredecessorList, "through_successor": chord.JoinThroughSuccessor,
		"shifted_list": chord.JoinShiftedList, "successor_alive": chord.JoinSuccessorAlive,
	}
	firstRoundRules = map[string]chord.FirstRoundRule{
		"phase": chord.FirstRoundPhase, "period": chord.FirstRoundPeriod,
	}
	betterSuccessorRules = map[string]chord.BetterSuccessorRule{
		"adopt": chord.BetterAdopt, "adopt_alive": chord.BetterAdoptAlive, "ask": chord.BetterAsk,
		"poll": chord.BetterPoll,
	}
	deadSuccessorRules = map[string]chord.DeadSuccessorRule{
		"keep": chord.DeadKeep, "next": chord.DeadNext, "reconcile": chord.DeadReconcile, "drop": chord.DeadDrop,
		"join_again": chord.DeadJoinAgain, "update": chord.DeadUpdate,
	}
	notifyRules = map[string]chord.NotifyRule{
		"closer": chord.NotifyCloser, "rectify": chord.NotifyRectify,
	}
	refreshRules = map[string]chord.RefreshRule{
		"list": chord.RefreshList, "entry": chord.RefreshEntry, "fingers": chord.RefreshFingers,
		"list_entry": chord.RefreshListEntry, "reconcile": chord.RefreshReconcile,
	}
	fingerOrders = map[string]chord.FingerOrder{
		"farthest": chord.FingerFarthest, "random": chord.FingerRandom,
	}
	timedOutEntryRules = map[string]chord.TimedOutEntryRule{
		"keep": chord.TimedOutKeep, "remove": chord.TimedOutRemove, "remove_fingers": chord.TimedOutRemoveFingers,
	}
	leaveRules = map[string]chord.LeaveRule{
		"silent": chord.LeaveSilent, "ton2003": chord.LeaveToN, "corrected": chord.LeaveCorrected,
	}
)

// override replaces a rule of the preset by the one a scenario names.
func override[R any](rule *R, name string, values map[string]R) {
	if name == "" {
		return
	}
	v, ok := values[name]
	if !ok {
		panic(fmt.Sprintf("scenarios: no rule %q", name))
	}
	*rule = v
}

func overrideSwitch(rule *bool, to *Switch) {
	if to != nil {
		*rule = bool(*to)
	}
}

// chordConfig is what the section ring means to the protocol.
func (r *RingSpec) chordConfig() chord.Config {
	rules, _, ok := chord.Preset(r.Protocol, r.Successors)
	if !ok {
		panic(fmt.Sprintf("scenarios: no preset %q", r.Protocol))
	}
	o := &r.Rules
	override(&rules.Join, o.Join, joinRules)
	overrideSwitch(&rules.JoinStabilizes, o.JoinStabilizes)
	override(&rules.FirstRound, o.FirstRound, firstRoundRules)
	override(&rules.BetterSuccessor, o.BetterSuccessor, betterSuccessorRules)
	overrideSwitch(&rules.Chase, o.Chase)
	override(&rules.DeadSuccessor, o.DeadSuccessor, deadSuccessorRules)
	overrideSwitch(&rules.Rejoin, o.Rejoin)
	override(&rules.Notify, o.Notify, notifyRules)
	overrideSwitch(&rules.ClearPredecessor, o.ClearPredecessor)
	overrideSwitch(&rules.TellOldPredecessor, o.TellOldPredecessor)
	overrideSwitch(&rules.RefreshTells, o.RefreshTells)
	override(&rules.Refresh, o.Refresh, refreshRules)
	override(&rules.FingerOrder, o.FingerOrder, fingerOrders)
	override(&rules.TimedOutEntry, o.TimedOutEntry, timedOutEntryRules)
	override(&rules.Leave, o.Leave, leaveRules)
	overrideSwitch(&rules.Busy, o.Busy)
	return chord.Config{
		Bits: r.Bits, Successors: r.Successors, Rules: rules,
		Stabilize: period(r.Stabilize), FixFingers: period(r.FixFingers), CheckPredecessor: period(r.CheckPredecessor),
		RPCTimeout: int64(r.RPCTimeout), Tries: r.RPCTries,
		Perfect: r.Detector.Perfect(), After: int64(r.Detector.After),
		Recursive: r.Lookup == "recursive", Fallback: r.Lookup == "fallback", Fallbacks: r.FallbackFingers,
		LookupDeadline: int64(r.LookupDeadline),
		ProbeOwner:     bool(r.ProbeOwner), OwnerAnswers: bool(r.OwnerAnswers), HopAck: bool(r.HopAck), NoRetry: !bool(r.Retry),
		Candidates: r.Candidates, OwnerFromList: bool(r.OwnerFromList),
	}
}

// inputs are the files that the rows of a scenario read, each read once.
type inputs struct {
	file     string // the scenario's
	dir      string // where their paths begin
	matrices map[sim.MatrixLatency]sim.MatrixLatency
	traces   map[string]*sim.Trace
	masses   map[string]*massData

	read []string // files that were asked for, as they are named

	library string // the folder of the library where they are, if they are nowhere else
	known   bool   // there is one
}

func (sc *Scenario) inputs() *inputs {
	in := &inputs{
		file: sc.File, dir: filepath.Dir(sc.File), matrices: map[sim.MatrixLatency]sim.MatrixLatency{},
		traces: map[string]*sim.Trace{}, masses: map[string]*massData{},
	}
	in.library, in.known = folderOf(sc)
	return in
}

// Check looks at what Parse cannot know: the files that the scenario names,
// matrices, lifetimes and data, and whether its runs fit into memory side by side as
// asked. The error is an *InputError.
func (sc *Scenario) Check(o RunOptions) error {
	plans, err := sc.plans()
	if err != nil {
		return err
	}
	jobs, err := sc.jobs(o.Only)
	if err != nil {
		return err
	}
	o.Jobs = min(o.Jobs, len(jobs))
	_, err = sideBySide(plans, o)
	return err
}

// plans prepares every row.
func (sc *Scenario) plans() ([]*plan, error) { return sc.plansFrom(sc.inputs()) }

func (sc *Scenario) plansFrom(files *inputs) ([]*plan, error) {
	var plans []*plan
	for _, row := range sc.Rows() {
		p, err := row.Spec.prepare(files)
		if err != nil {
			return nil, &InputError{err}
		}
		plans = append(plans, p)
	}
	return plans, nil
}

// writeInputs writes all files that the scenario reads, each once, behind its name.
func (sc *Scenario) writeInputs(w io.Writer) error {
	in := sc.inputs()
	if _, err := sc.plansFrom(in); err != nil {
		return err
	}
	slices.Sort(in.read)
	for _, file := range slices.Compact(in.read) {
		data, ok := in.beside(file)
		if !ok {
			var err error
			if data, err = os.ReadFile(in.path(file)); err != nil {
				return &InputError{err}
			}
		}
		if _, err := fmt.Fprintf(w, "%q %d\n%s", file, len(data), data); err != nil {
			return err
		}
	}
	return nil
}

func (in *inputs) path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(in.dir, file)
}

func (in *inputs) matrix(m sim.MatrixLatency) (sim.MatrixLatency, error) {
	file := m.File
	in.read = append(in.read, file)
	m.File = in.path(file)
	if loaded, ok := in.matrices[m]; ok {
		return loaded, nil
	}
	loaded, err := in.readMatrix(file, m)
	if err == nil {
		in.matrices[m] = loaded
	}
	return loaded, err
}

// readMatrix reads a matrix as readMass reads data.
func (in *inputs) readMatrix(file string, m sim.MatrixLatency) (sim.MatrixLatency, error) {
	data, ok := in.beside(file)
	if !ok {
		return m.Load()
	}
	if err := m.Validate(); err != nil {
		return m, err
	}
	var err error
	m.Table, err = sim.ReadMatrix(bytes.NewReader(data), file, m.Unit, m.Missing == "drop")
	return m, err
}

// beside returns a file that is not on the disk but beside the scenario in the
// library.
func (in *inputs) beside(file string) ([]byte, bool) {
	if _, err := os.Stat(in.path(file)); !in.known || !errors.Is(err, fs.ErrNotExist) {
		return nil, false
	}
	data, err := libraryFiles.ReadFile(path.Join(in.library, file))
	return data, err == nil
}

func (in *inputs) trace(file string) (*sim.Trace, error) {
	in.read = append(in.read, file)
	if t := in.traces[file]; t != nil {
		return t, nil
	}
	t, err := sim.LoadTrace(in.path(file))
	if err == nil {
		in.traces[file] = t
	}
	return t, err
}

func (in *inputs) mass(file string, maxValue Bytes) (*massData, error) {
	in.read = append(in.read, file)
	key := fmt.Sprint(maxValue, file)
	if m := in.masses[key]; m != nil {
		return m, nil
	}
	m, err := in.readMass(file, int64(maxValue))
	if err == nil {
		in.masses[key] = m
	}
	return m, err
}

// named says where a file that is not there was named, and where it was looked
// for.
func (in *inputs) named(file string, line int, err error) error {
	if _, missing := os.Stat(in.path(file)); !errors.Is(missing, fs.ErrNotExist) {
		return err
	}
	return fmt.Errorf("%s:%d: there is no file %s; a path begins at the scenario's folder", in.file, line, in.path(file))
}

// readMass reads a file of data from the disk or, if it is not there and the
// scenario is the library's, from beside it there.
func (in *inputs) readMass(file string, maxValue int64) (*massData, error) {
	if data, ok := in.beside(file); ok {
		return parseMassData(file, data, maxValue, maxMassKeys)
	}
	return readMassData(in.path(file), maxValue)
}

// plan is what the runs of one row have in common: built once, then only read.
type plan struct {
	spec    *Spec
	latency sim.LatencyParams
	traces  map[string]*sim.Trace
	masses  map[string]*massData
	nodes   int64 // addresses
}

// prepare reads what the row needs and reckons its size. The error joins what is
// wrong with each of its files.
func (s *Spec) prepare(files *inputs) (*plan, error) {
	p := &plan{spec: s, latency: s.Network.Latency.Params(), traces: map[string]*sim.Trace{}, masses: map[string]*massData{}}
	var bad problems
	if m, ok := p.latency.(sim.MatrixLatency); ok {
		loaded, err := files.matrix(m)
		bad.add(err)
		p.latency = loaded
	}
	for i := range s.Timeline {
		file := ""
		var err error
		switch a := s.Timeline[i].Action.(type) {
		case *PutStep:
			if file = a.File; file != "" {
				p.masses[file], err = files.mass(file, s.Data.MaxValue)
			}
		case *ChurnStep:
			if a.ByLifetimes() && a.Lifetime.Distribution == "file" {
				file = a.Lifetime.File
				p.traces[file], err = files.trace(file)
			}
		}
		if err != nil {
			bad.add(files.named(file, s.Timeline[i].Line, err))
		}
	}
	if len(bad) > 0 {
		return nil, errors.Join(bad...)
	}
	var err error
	p.nodes, err = p.room()
	return p, err
}

// problems are errors, no two with the same words: a file may be named twice.
type problems []error

// add takes an error, or each of those that it joins.
func (p *problems) add(err error) {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range several.Unwrap() {
			p.add(e)
		}
		return
	}
	if err == nil || slices.ContainsFunc(*p, func(e error) bool { return e.Error() == err.Error() }) {
		return
	}
	*p = append(*p, err)
}

// world builds the world of one run.
func (p *plan) world(seed uint64, o RunOptions) (*world, error) {
	s := p.spec
	hosts := uint32(p.nodes/int64(s.Ring.VirtualNodes)) + 1 // the last is the seed server's
	latency, err := sim.NewLatency(p.latency, seed, hosts)
	if err != nil {
		return nil, &InputError{err}
	}
	n := network{
		latency: latency,
		loss:    s.Network.Loss,
		header:  int64(s.Network.MessageSize.Header), perID: int64(s.Network.MessageSize.PerID),
		window: latency.Floor(),
	}
	n.bootstrap = 2 * max(n.window, minBootstrap)
	cfg := s.Ring.chordConfig()
	size := worldSize{addresses: int(p.nodes), shards: o.Shards, workers: o.Workers, seedServer: s.Ring.bySeedServer()}
	if o.Observer != nil {
		size.shards, size.workers = 1, 1
	}
	if size.shards == 0 {
		size.shards = shardsFor(p.nodes, n.window, o.Workers)
	}
	w := newWorld(cfg, n, seed, s.Ring.VirtualNodes, s.Ring.IDs == "hash", size)
	w.trace = newTracer(o.Trace)
	if w.keeps = s.keepsState(); w.keeps {
		w.kept = newBitset(len(w.nodes))
	}
	if s.storesData() {
		w.store(newStored(s.Data.config(&s.Ring), cfg.Bits, size.addresses, s.readsData()))
	}
	return w, nil
}

// minBootstrap is the least time from asking for a member to its name, half
// of it: longer than a window of the engine, so that the answer never comes
// into the past.
const minBootstrap = sim.Time(10 * Millisecond)

// shardsFor chooses the number of shards: enough that a shard's nodes and
// queue stay near the core, few enough that a window has work for each.
// (Measured with bench/steady: below 64 Ki nodes one shard is the fastest for
// one worker; from there on about 8,192 nodes a shard.)
func shardsFor(nodes int64, window sim.Time, workers int) int {
	const (
		nodesPerShard  = 8192
		eventsPerShard = 64
		least          = 65536
	)
	perWindow := mulDiv(uint64(nodes), uint64(window), uint64(Second)) // at one event a node and second
	want := int64(1)
	if nodes >= least {
		want = nodes / nodesPerShard
	}
	if workers > 1 {
		want = max(want, int64(workers)*4)
	}
	want = min(want, int64(perWindow)/eventsPerShard, 128)
	return int(max(want, 1))
}
