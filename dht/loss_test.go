package dht

import (
	"testing"

	"chordsim/chord"
)

// calm lets one thing happen such as happens in a network: few losses, and nobody
// taken for dead that is not.
func (b *bytesLeft) calm(m *miniature) {
	id := uint64(b.below(8)+1) * 30
	switch b.below(24) {
	default:
		if len(m.flight) > 0 {
			m.arrive(b.below(len(m.flight)))
		}
	case 0:
		if i := b.below(16); i < len(m.flight) && layer(&m.flight[i].msg) {
			m.flight = append(m.flight[:i], m.flight[i+1:]...)
		}
	case 1, 2:
		// No request of the ring runs out early: nobody is taken for dead that is not.
		if i := b.below(max(len(m.timers), 1)); i < len(m.timers) && (layerTimer(m.timers[i].Data) || !m.open(m.timers[i])) {
			m.expire(i)
		}
	case 3:
		if !m.timeout(0, true) {
			m.timeout(0, false)
		}
	case 4, 5, 6, 7:
		m.put(id, uint32(b.next()), b.below(8) == 0)
	case 8:
		m.get(id, uint32(b.next()))
	case 9:
		if m.staying() > 3 || m.node(id).Status == chord.Absent {
			b.life(m, m.node(id))
		}
	}
	m.letRing()
}

// survivors plays a script of joins, leaves, a number of crashes, losses and
// requests, lets the ring heal, and returns how many acknowledged puts are lost: what
// was acknowledged has to be there in the version acknowledged, or a later one. A run
// tells nothing whose ring does not become ideal.
func survivors(t *testing.T, seed uint64, k, crashes int, change func(*Config)) (acknowledged, lost, misplaced int) {
	b := &bytesLeft{script(seed, 3000), crashes}
	m := newMiniature("corrected", k, k/2+1)
	change(&m.cfg)
	m.mute = true
	m.settle(30, 60, 120, 150, 210)
	for len(b.data) > 0 {
		b.calm(m)
	}
	if !m.heal() {
		return 0, 0, 0
	}
	m.rest(t)
	all := m.newest()
	for _, d := range m.done {
		if d.Outcome != Acknowledged {
			continue
		}
		acknowledged++
		if have, ok := all[d.Record.Key]; !ok || d.Record.Newer(have) {
			lost++
		}
	}
	return acknowledged, lost, len(m.misplaced())
}

// losesNothing holds a hundred scripts to losing nothing, and to everything being
// where it belongs in the end.
func losesNothing(t *testing.T, k, crashes int) {
	acknowledged := 0
	for seed := range uint64(100) {
		a, lost, misplaced := survivors(t, 7000+seed, k, crashes, func(*Config) {})
		if acknowledged += a; lost > 0 || misplaced > 0 {
			t.Errorf("k=%d, seed %d: of %d acknowledged puts %d are lost, and %d keys are not where they belong", k, seed, a, lost, misplaced)
		}
	}
	if acknowledged < 2000 {
		t.Errorf("k=%d: %d acknowledged puts show too little", k, acknowledged)
	}
}

// With a quorum of two and more, one crash loses nothing either, whenever it is.
func TestOneCrashLosesNothing(t *testing.T) {
	for _, k := range []int{2, 3, 4} {
		losesNothing(t, k, 1)
	}
}

// No acknowledged key is lost by a hand-over, whatever order messages arrive in,
// while some are lost, nodes join and leave, and none crashes; and when the ring has
// become ideal, every key is where it belongs, in its newest version, and nowhere
// else. Each of the rules that are to be broken on purpose does lose keys, or
// acknowledges what is not held.
func TestHandOverLosesNothing(t *testing.T) {
	for _, k := range []int{1, 2, 3} {
		losesNothing(t, k, 0)
	}
	for what, change := range map[string]func(*Config){
		"drop early": func(c *Config) { c.DropEarly = true },
		"echord":     func(c *Config) { c.HandOver, c.Repair = HandOverEChord, 0 },
	} {
		lost := 0
		for seed := range uint64(100) {
			_, l, _ := survivors(t, 7000+seed, 1, 0, change)
			lost += l
		}
		if lost == 0 {
			t.Errorf("%s loses nothing, so that this test tells nothing", what)
		}
	}
}
