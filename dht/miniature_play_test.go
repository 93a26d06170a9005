package dht

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chordsim/chord"
)

// The words of a transcript:
//
//	ring PRESET k=N w=N [SETTING...]   an empty ring
//	settle ID...                       these are an ideal ring
//	join ID ID | leave ID | crash ID   join: through the second
//	restart ID ID                      a new life, through the second
//	put ID KEY | delete ID KEY | get ID KEY
//	fill ID KEY KEY                    puts of all from the first to the last, unseen
//	deliver [KIND] [from=ID] [to=ID]   the first such message in flight
//	drop [KIND] [from=ID] [to=ID]      it is lost
//	run [timeouts]                     deliver all there are, and their answers
//	fire ID stabilize|predecessor|round|soon   round, soon: of repair
//	heal ID...                         they stabilize, and all open requests of the ring run out
//	timeout ID                         the node's oldest open request about keys runs out
//	show ID...                         what they hold
//	later                              ten seconds pass: what was written has had time to arrive
//	ring-waits | ring-runs             the ring's messages wait like the others, or arrive at once
//	idle                               what is still under way

// settings are what a line "ring" may set.
var settings = map[string]map[string]func(*miniature){
	"tries":    {"1": func(m *miniature) { m.ring.Tries, m.cfg.Tries = 1, 1 }},
	"detector": {"perfect": func(m *miniature) { m.ring.Perfect = true }},
	"repair":   {"never": func(m *miniature) { m.cfg.Repair = 0 }},
	"broken": {
		"acknowledge": func(m *miniature) { m.cfg.AcknowledgeEarly = true },
		"drop":        func(m *miniature) { m.cfg.DropEarly = true },
	},
	"hand_over": {"echord": func(m *miniature) { m.cfg.HandOver, m.cfg.Repair = HandOverEChord, 0 }},
}

// newRing reads the rest of a line "ring".
func newRing(words []string) (*miniature, error) {
	if len(words) < 3 {
		return nil, errors.New("want a preset, k=N and w=N")
	}
	k, errK := strconv.Atoi(strings.TrimPrefix(words[1], "k="))
	w, errW := strconv.Atoi(strings.TrimPrefix(words[2], "w="))
	if err := errors.Join(errK, errW); err != nil {
		return nil, err
	}
	m := newMiniature(words[0], k, w)
	for _, word := range words[3:] {
		key, value, _ := strings.Cut(word, "=")
		set := settings[key][value]
		if set == nil {
			return nil, fmt.Errorf("unknown setting %q", word)
		}
		set(m)
	}
	return m, nil
}

// find returns the first message in flight that fits.
func (m *miniature) find(words []string) (int, error) {
	i := slices.IndexFunc(m.flight, func(p parcel) bool {
		kind := p.msg.Kind.String()
		if Owns(p.msg.Kind) {
			kind = KindName(p.msg.Kind)
		}
		for _, w := range words {
			if w != kind && w != fmt.Sprintf("from=%d", p.from-256) && w != fmt.Sprintf("to=%d", p.to-256) {
				return false
			}
		}
		return true
	})
	if i < 0 {
		return 0, errors.New("no such message in flight")
	}
	return i, nil
}

// play lets one thing happen.
func (m *miniature) play(verb string, words []string) error {
	if err := m.playOne(verb, words); err != nil {
		return err
	}
	m.letRing()
	return nil
}

func (m *miniature) playOne(verb string, words []string) error {
	var ids []uint64
	for _, w := range words {
		if id, err := strconv.ParseUint(w, 10, 8); err == nil {
			ids = append(ids, id)
		}
	}
	switch verb {
	case "settle":
		m.settle(ids...)
		m.text.Reset()
		return nil
	case "deliver", "drop":
		i, err := m.find(words)
		if err != nil {
			return err
		}
		if verb == "drop" {
			m.print("%s: lost", m.flight[i].describe())
			m.flight = slices.Delete(m.flight, i, i+1)
		} else {
			m.arrive(i)
		}
		return nil
	case "run":
		if !m.run(len(words) > 0) {
			return errors.New("does not end")
		}
		return nil
	case "later": // what was written has had time to arrive everywhere
		m.now += later
		return nil
	case "ring-waits", "ring-runs":
		m.held = verb == "ring-waits"
		return nil
	case "idle":
		m.printUnderWay()
		return nil
	}
	if len(ids) == 0 {
		return errors.New("want the identifier of a node")
	}
	return m.playAt(verb, words, ids)
}

// later is longer than holders wait before they compare a record.
const later = 10_000 * ms

// playAt is what happens at a node.
func (m *miniature) playAt(verb string, words []string, ids []uint64) error {
	id, other := ids[0], ids[len(ids)-1]
	switch verb {
	case "revive":
		n := m.node(id)
		n.Revive()
		m.store.Revive(&n.Holder)
		m.command(id, chord.Message{Kind: chord.CmdStart})
	case "restart":
		m.node(id).Init(named(id))
		fallthrough
	case "join":
		m.command(id, chord.Message{Kind: chord.CmdJoin, AID: other, A: named(other).Addr})
	case "leave":
		m.command(id, chord.Message{Kind: chord.CmdLeave})
	case "crash":
		m.crash(id)
	case "fall":
		m.fall(id)
	case "heal":
		for _, id := range ids {
			if !m.fire(id, ringStabilize, 0) {
				return errors.New("no such timer is set")
			}
			for m.letRing(); m.timeout(0, false); m.letRing() {
			}
		}
	case "put", "delete":
		m.put(id, uint32(other), verb == "delete")
	case "get":
		m.get(id, uint32(other))
	case "fill":
		m.mute = true
		defer func() { m.mute = false }()
		for key := ids[1]; key <= other; key++ {
			m.put(id, uint32(key), false)
		}
		if !m.run(false) {
			return errors.New("does not end")
		}
	case "timeout":
		if !m.timeout(named(id).Addr, true) {
			return errors.New("no request is open")
		}
	case "fire":
		kinds := map[string]uint8{
			"stabilize": ringStabilize, "predecessor": ringPredecessor, "round": timerRound, "soon": timerRound,
		}
		slot := uint32(0)
		if words[1] == "soon" {
			slot = 1
		}
		if kind := kinds[words[1]]; kind == 0 || !m.fire(id, kind, slot) {
			return errors.New("no such timer is set")
		}
	case "show":
		for _, id := range ids {
			t := m.describeNode(m.node(id))
			records := make([]Record, len(t.records))
			for i := range t.records {
				records[i] = t.records[i].Record
			}
			m.print("  %d: %s, pred %s, holds %s", id, t.status, t.pred, orDash(describeRecords(records)))
		}
	default:
		return fmt.Errorf("unknown word %q", verb)
	}
	return nil
}

// printUnderWay tells what has not come to its end.
func (m *miniature) printUnderWay() {
	m.print("  %d messages, %d operations", len(m.flight), m.store.Active())
	for _, n := range m.nodes {
		var keys []uint32
		m.store.each(&n.Holder, func(r *stored) {
			if r.mark == underWay {
				keys = append(keys, r.Key)
			}
		})
		if len(keys) > 0 {
			m.print("  %d: under way %s", n.ID, spans(keys))
		}
	}
}
