package chord

import (
	"fmt"
	"strings"
)

// How a miniature is written down.

func name(p Peer) string {
	switch {
	case p.None():
		return "-"
	case p != named(p.ID):
		return fmt.Sprintf("%d@%d", p.ID, p.Addr)
	}
	return fmt.Sprint(p.ID)
}

func names(list []Peer) string {
	var words []string
	for _, p := range list {
		words = append(words, name(p))
	}
	return strings.Join(words, " ")
}

func addrs(list []Peer) string {
	var ids []uint64
	for _, p := range list {
		ids = append(ids, uint64(p.Addr-256))
	}
	return strings.Trim(fmt.Sprint(ids), "[]")
}

func (p parcel) describe() string {
	return fmt.Sprintf("%d→%d %s", p.from-256, p.to-256, describe(&p.msg, p.list))
}

// describe is a message in words.
func describe(m *Message, list []Peer) string {
	s := m.Kind.String()
	add := func(format string, args ...any) { s += " " + fmt.Sprintf(format, args...) }
	switch m.Kind {
	case GetState:
		if m.Flags&FlagLookup != 0 {
			add("lookup")
		}
		if m.Flags&FlagList != 0 {
			add("list")
		}
		if m.Flags&FlagFingers != 0 {
			add("fingers")
		}
	case State:
		if m.Flags&FlagLeaving != 0 {
			add("leaving")
		}
		if m.Flags&FlagBusy != 0 {
			add("busy")
			break
		}
		if m.Flags&FlagLookup != 0 {
			add("lookup")
		}
		add("pred=%s", name(m.peerA()))
		if m.Flags&FlagList == 0 {
			add("succ=%s", name(m.peerB()))
			break
		}
		add("list=%s", names(list[:m.Path]))
		if len(list) > int(m.Path) {
			add("fingers=%s", names(list[m.Path:]))
		}
	case FindNext:
		add("key=%d", m.Key)
		if len(list) > 0 {
			add("dead=%s", addrs(list))
		}
	case Next:
		add("%s", name(m.peerA()))
		if len(list) > 0 {
			add("or %s", names(list))
		}
	case NewSuccessor:
		add("%s", name(m.peerA()))
	case Notify:
		if m.Flags&FlagForget != 0 {
			add("forget")
		}
	case Owners:
		add("%s", names(list))
	case LeavePred:
		add("last=%s", name(m.peerA()))
		if len(list) > 0 {
			add("list=%s", names(list))
		}
	case LeaveSucc:
		add("pred=%s", name(m.peerA()))
	case Forward:
		add("key=%d for=%d path=%d timeouts=%d", m.Key, m.Initiator-256, m.Path, m.Timeouts)
	case Answer:
		add("key=%d owner=%s path=%d timeouts=%d", m.Key, name(m.peerA()), m.Path, m.Timeouts)
		if len(list) > 0 {
			add("list=%s", names(list))
		}
	case Ping, Pong:
		if m.Flags&FlagLookup != 0 {
			add("owner")
		}
	}
	return s
}

// nodeText is what a transcript shows of a node.
type nodeText struct{ status, pred, list, fingers string }

func (m *miniature) describeNode(n *Node) nodeText {
	var fingers []string
	for high := m.cfg.Bits - 1; high >= 0; {
		low := high
		for low > 0 && n.storedFinger(low-1) == n.storedFinger(high) {
			low--
		}
		if f := n.storedFinger(high); !f.None() {
			fingers = append(fingers, fmt.Sprintf("%d:%s", low, name(f)))
		}
		high = low - 1
	}
	status := [...]string{"absent", "joining", "member", "leaving"}[n.Status]
	return nodeText{status, name(n.Pred), names(n.AppendList(nil)), strings.Join(fingers, " ")}
}

// printChanges writes what a step did to a node and what it reported.
func (m *miniature) printChanges(n *Node, was nodeText, counted *[NumCounters]uint64) {
	is := m.describeNode(n)
	changed := func(what, before, after string) {
		if before != after {
			m.print("  %d: %s %s → %s", n.ID, what, orDash(before), orDash(after))
		}
	}
	changed("status", was.status, is.status)
	changed("pred", was.pred, is.pred)
	changed("list", was.list, is.list)
	changed("fingers", was.fingers, is.fingers)
	for _, a := range m.out.Suspects {
		m.print("  %d: suspects %d", n.ID, a-256)
	}
	for _, f := range m.out.Finished {
		if f.Owner.None() {
			m.print("  lookup %d failed: path %d, timeouts %d, %d ms", f.Tag, f.Path, f.Timeouts, m.now-f.Start)
			continue
		}
		local := ""
		if f.Local {
			local = ", local"
		}
		m.print("  lookup %d: owner %s named by %d after %d ms, path %d, timeouts %d%s",
			f.Tag, name(f.Owner), f.Answerer-256, f.Named-f.Start, f.Path, f.Timeouts, local)
	}
	if m.out.WantBootstrap {
		m.print("  %d: wants a member to join through", n.ID)
	}
	counters := [NumCounters]string{"late", "stray", "refused", "finger dropped", "cut off", "busy", "restart"}
	for c, what := range counters {
		if d := m.out.Counters[c] - counted[c]; d > 0 {
			m.print("  %d: counts %s", n.ID, what)
		}
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
