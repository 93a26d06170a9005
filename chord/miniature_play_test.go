package chord

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The words of a transcript:
//
//	ring PRESET r=N [RULE=VALUE...]   an empty ring
//	settle ID...                      these are an ideal ring
//	create ID | join ID ID | bootstrap ID [ID] | leave ID | lookup ID KEY
//	crash ID | restart ID ID          restart: a new life, through the second
//	deliver [KIND] [from=ID] [to=ID]  the first such message in flight
//	drop [KIND] [from=ID] [to=ID]     it is lost
//	run [timeouts]                    deliver all there are, and their answers
//	fire ID KIND                      a timer of stabilize, fingers, predecessor, join, deadline, call, contact
//	stabilize | reconcile | update | flush ID   one part of a round, as a command
//	timeout ID                        the node's oldest open request runs out
//	show ID...                        | set rounds|frozen on|off

// settings are the rules that a line "ring" may set.
var settings = map[string]map[string]func(*Config){
	"tries":    {"1": func(c *Config) { c.Tries = 1 }, "2": func(c *Config) { c.Tries = 2 }},
	"detector": {"perfect": func(c *Config) { c.Perfect = true }, "after": func(c *Config) { c.Perfect, c.After = true, 500 }},
	"lookup": {
		"recursive": func(c *Config) { c.Recursive = true },
		"acked":     func(c *Config) { c.Recursive, c.HopAck = true, true },
		"iterative": func(c *Config) { c.Fallback = false },
		"fallback":  func(c *Config) { c.Fallback, c.Fallbacks = true, 2 },
	},
	"retry": {"off": func(c *Config) { c.NoRetry = true }},
	"probe": {"on": func(c *Config) { c.ProbeOwner = true }, "off": func(c *Config) { c.ProbeOwner = false }},
	"fallbacks": {
		"0": func(c *Config) { c.Fallbacks = 0 }, "1": func(c *Config) { c.Fallbacks = 1 },
	},
	"busy":          {"on": func(c *Config) { c.Rules.Busy = true }},
	"chase":         {"on": func(c *Config) { c.Rules.Chase = true }, "off": func(c *Config) { c.Rules.Chase = false }},
	"tell":          {"on": func(c *Config) { c.Rules.TellOldPredecessor = true }},
	"refresh_tells": {"off": func(c *Config) { c.Rules.RefreshTells = false }},
	"rejoin":        {"off": func(c *Config) { c.Rules.Rejoin = false }},
	"first":         {"phase": func(c *Config) { c.Rules.FirstRound = FirstRoundPhase }},
	"clear":         {"on": func(c *Config) { c.Rules.ClearPredecessor = true }, "off": func(c *Config) { c.Rules.ClearPredecessor = false }},
	"join": {
		"through": func(c *Config) { c.Rules.Join = JoinThroughSuccessor },
		"alive":   func(c *Config) { c.Rules.Join = JoinSuccessorAlive },
		"list":    func(c *Config) { c.Rules.Join = JoinPredecessorList },
		"shifted": func(c *Config) { c.Rules.Join = JoinShiftedList },
	},
	"refresh": {
		"list": func(c *Config) { c.Rules.Refresh = RefreshList }, "entry": func(c *Config) { c.Rules.Refresh = RefreshEntry },
		"reconcile": func(c *Config) { c.Rules.Refresh = RefreshReconcile },
	},
	"better": {"alive": func(c *Config) { c.Rules.BetterSuccessor = BetterAdoptAlive }},
	"order":  {"random": func(c *Config) { c.Rules.FingerOrder = FingerRandom }},
	"dead": {"update": func(c *Config) { c.Rules.DeadSuccessor = DeadUpdate },
		"next": func(c *Config) { c.Rules.DeadSuccessor = DeadNext }, "keep": func(c *Config) { c.Rules.DeadSuccessor = DeadKeep },
		"join_again": func(c *Config) { c.Rules.DeadSuccessor, c.Rules.Rejoin = DeadJoinAgain, true }},
}

var alarmNames = map[string]timerKind{
	"stabilize": timerStabilize, "fingers": timerFixFingers, "predecessor": timerCheckPredecessor,
	"join": timerJoin, "deadline": timerDeadline, "call": timerCall, "contact": timerContact,
}

// newRing reads the rest of a line "ring".
func newRing(words []string) (*miniature, error) {
	if len(words) < 2 || !strings.HasPrefix(words[1], "r=") {
		return nil, errors.New("want a preset and r=N")
	}
	r, err := strconv.Atoi(words[1][2:])
	if err != nil {
		return nil, err
	}
	m := newMiniature(words[0], r)
	for _, w := range words[2:] {
		if err := m.apply(w); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// apply makes one setting.
func (m *miniature) apply(word string) error {
	key, value, _ := strings.Cut(word, "=")
	set := settings[key][value]
	if set == nil {
		return fmt.Errorf("unknown setting %q", word)
	}
	set(&m.cfg)
	return nil
}

// find returns the first message in flight that fits.
func (m *miniature) find(words []string) (int, error) {
	i := slices.IndexFunc(m.flight, func(p parcel) bool {
		for _, w := range words {
			if w != p.msg.Kind.String() && w != fmt.Sprintf("from=%d", p.from-256) && w != fmt.Sprintf("to=%d", p.to-256) {
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
	var ids []uint64
	for _, w := range words {
		if id, err := strconv.ParseUint(w, 10, 8); err == nil {
			ids = append(ids, id)
		}
	}
	through := Message{}
	if len(ids) == 2 {
		through.setA(named(ids[1]))
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
	case "set":
		on := words[1] == "on"
		if words[0] == "frozen" {
			m.cfg.Frozen = on
		} else {
			m.cfg.RoundsOff = !on
		}
		return nil
	}
	if len(ids) == 0 {
		return errors.New("want the identifier of a node")
	}
	id := ids[0]
	switch verb {
	case "create":
		m.command(id, Message{Kind: CmdCreate})
	case "revive":
		m.node(id).Revive()
		m.command(id, Message{Kind: CmdStart})
	case "restart":
		m.node(id).Init(named(id))
		fallthrough
	case "join":
		through.Kind = CmdJoin
		m.command(id, through)
	case "bootstrap":
		through.Kind = CmdBootstrap
		m.command(id, through)
	case "leave":
		m.command(id, Message{Kind: CmdLeave})
	case "part":
		m.node(id).Part()
	case "lookup":
		m.lookup(id, ids[1])
	case "stabilize":
		m.command(id, Message{Kind: CmdStabilize})
	case "reconcile":
		m.command(id, Message{Kind: CmdReconcile})
	case "update":
		m.command(id, Message{Kind: CmdUpdate})
	case "flush":
		m.command(id, Message{Kind: CmdFlush})
	case "crash":
		m.crash(id)
	case "timeout":
		if !m.timeout(named(id).Addr) {
			return errors.New("no request is open")
		}
	case "fire":
		if kind := alarmNames[words[1]]; kind == 0 || !m.fire(id, kind) {
			return errors.New("no such timer is set")
		}
	case "show":
		for _, id := range ids {
			s := m.describeNode(m.node(id))
			m.print("  %d: %s, pred %s, list %s, fingers %s", id, s.status, s.pred, orDash(s.list), orDash(s.fingers))
		}
	default:
		return fmt.Errorf("unknown word %q", verb)
	}
	return nil
}
