package scenarios

import (
	"math"
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

func near(t *testing.T, what string, got Number, want, within float64) {
	t.Helper()
	if !(math.Abs(float64(got)-want) <= within) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// Three nodes with lists of two, a round each ten seconds at each of them and
// nothing else. A round is get_state (20 bytes), state with a predecessor and
// two entries (20 + 4·6), and notify (20 + 4·2).
func TestTrafficOfASilentRing(t *testing.T) {
	tl := played(t, `ring: {successors: 2, stabilize: {every: 10s, jitter: 0}, fix_fingers: 0s, check_predecessor: 0s}
network: {latency: 50ms}
timeline:
  - start: {nodes: 3}
  - wait: 100s
  - measure: {traffic: on, over: 100s, as: cost}
output: {sample: 100s}
`, 1)
	r := tl.result()
	c := r.Traffic[0]
	near(t, "messages a node and second", c.Messages, 0.3, 0)
	near(t, "bytes a node and second", c.Bytes, (20+44+28)/10.0, 0)
	want := map[string]float64{"get_state": 2, "state": 4.4, "notify": 2.8}
	for _, k := range c.Kinds {
		near(t, k.Kind, k.Messages, 0.1, 0)
		near(t, k.Kind, k.Bytes, want[k.Kind], 0)
		delete(want, k.Kind)
	}
	if len(want) != 0 {
		t.Errorf("no traffic of %v", want)
	}
	if r.Run.Messages != 3*3*20 {
		t.Errorf("%d messages in all, want 180", r.Run.Messages)
	}
	// In the last interval of the series, too.
	for _, s := range r.Series {
		switch s.Name {
		case SeriesTraffic:
			near(t, "the series", last(s.Column("notify")), 0.1, 0)
		case SeriesTrafficBytes:
			near(t, "the series of bytes", last(s.Column("state")), 4.4, 0)
		}
	}
}

func last(column []Number) Number { return column[len(column)-1] }

// Sizes are what the scenario says.
func TestMessageSize(t *testing.T) {
	tl := played(t, `ring: {successors: 2, stabilize: {every: 10s, jitter: 0}, fix_fingers: 0s, check_predecessor: 0s}
network: {latency: 50ms, message_size: {header: 100, per_id: 8}}
timeline: [{start: {nodes: 3}}, {measure: {traffic: on, over: 100s, as: cost}}]
`, 1)
	near(t, "bytes a node and second", tl.result().Traffic[0].Bytes, (3*100+8*8)/10.0, 0)
}

// Rates are by the time that members have spent in the ring: of four nodes two
// leave it half-way through.
func TestRatesAreByTheTimeOfMembers(t *testing.T) {
	tl := bed(t, calm+`timeline:
  - start: {nodes: 4}
  - measure: {traffic: on, over: 100s, background: on, as: cost}
  - lookup: {count: 600, over: 50s, as: l}
  - fail: {count: 2, at: 50500ms}
  - wait: {at: 100s}
`, 1, RunOptions{})
	before := tl.w.read()
	play(t, tl)
	tally, micros := tl.w.read().since(before, tl.w.kinds)
	if want := int64(4*50.5e6 + 2*49.5e6); micros != want {
		t.Errorf("members spent %d µs in the ring, want %d", micros, want)
	}
	messages, _ := tally.Totals()
	if messages == 0 || messages != tl.w.messages() {
		t.Errorf("%d messages, %d in all", messages, tl.w.messages())
	}
	c := tl.result().Traffic[0]
	near(t, "messages a node and second", c.Messages, float64(messages)/301, 1e-8)
}

// Time beyond 64 bits of node-nanoseconds: a million nodes for six hours.
func TestNodeTimeBeyond64Bits(t *testing.T) {
	w := &world{members: &membership{count: 1_000_000}}
	w.judge.world = w
	w.judge.elapse(sim.Time(6 * Hour))
	a := meter{nodeSeconds: w.judge.nodeTime}
	w.members.count = 2
	w.judge.elapse(sim.Time(7 * Hour))
	b := meter{nodeSeconds: w.judge.nodeTime}
	if _, micros := a.since(meter{}, w.kinds); micros != 21_600*1e6*1e6 {
		t.Errorf("%d µs, want %d", micros, int64(21_600*1e6*1e6))
	}
	if _, micros := b.since(a, w.kinds); micros != 2*3600*1e6 {
		t.Errorf("%d µs, want %d", micros, int64(2*3600*1e6))
	}
}

// What is lost on the way was sent, and paid for; the network's own report of
// a death costs nothing.
func TestLostMessagesAreCountedAndReportsAreNot(t *testing.T) {
	tl := played(t, `ring: {successors: 2, stabilize: {every: 10s, jitter: 0}, fix_fingers: 0s, check_predecessor: 0s, rpc_timeout: 20s, rpc_tries: 1}
network: {latency: 50ms, loss: 30%}
timeline: [{start: {nodes: 2}}, {stabilization: {rounds: on}}, {wait: 100s}]
`, 1)
	lost := int64(0)
	for _, s := range tl.w.shards {
		lost += s.lost
	}
	delivered := int64(tl.w.engine.Stats().Delivered) - int64(tl.w.engine.Stats().Injected)
	if sent := tl.w.messages(); lost == 0 || sent != lost+delivered {
		t.Errorf("%d sent, %d lost, %d delivered", sent, lost, delivered)
	}
	tl = played(t, "ring: {successors: 2, detector: perfect, stabilize: {every: 1s, jitter: 0}, fix_fingers: 0s, check_predecessor: 0s}\n"+
		"timeline: [{start: {nodes: 10}}, {wait: 10s}, {fail: {count: 1}}, {measure: {traffic: on, over: 10s, as: cost}}]\n", 1)
	if !tl.w.takeSnapshot().IsIdeal() || tl.w.judge.falseSuspicions != 0 {
		t.Errorf("nobody was told of the death: %+v", tl.w.ring(""))
	}
	bounces := tl.w.shards[0].sent[chord.Bounce]
	if bounces.messages != 0 || bounces.bytes != 0 {
		t.Errorf("reports cost %+v", bounces)
	}
	for _, k := range tl.result().Traffic[0].Kinds {
		if k.Kind == "bounce" {
			t.Errorf("reports are traffic: %+v", k)
		}
	}
}
