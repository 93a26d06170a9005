package chord

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A list under random operations is the slice that the same operations give.
func TestListAgainstSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := Config{Bits: 64, Successors: rapid.IntRange(1, MaxSuccessors).Draw(t, "r")}
		var n Node
		n.Init(named(7))
		model := []Peer{}
		peer := rapid.Custom(func(t *rapid.T) Peer { return named(rapid.Uint64Range(1, 100).Draw(t, "id")) })
		t.Repeat(map[string]func(*rapid.T){
			"insert": func(t *rapid.T) {
				i, p := rapid.IntRange(0, min(len(model), cfg.Successors-1)).Draw(t, "at"), peer.Draw(t, "peer")
				n.insertEntry(&cfg, i, p)
				model = slices.Insert(model, i, p)
				model = model[:min(len(model), cfg.Successors)]
			},
			"remove": func(t *rapid.T) {
				if len(model) == 0 {
					return
				}
				i := rapid.IntRange(0, len(model)-1).Draw(t, "at")
				n.removeEntry(i)
				model = slices.Delete(model, i, i+1)
			},
			"prepend": func(t *rapid.T) {
				p := peer.Draw(t, "peer")
				n.prependEntry(&cfg, p)
				if len(model) == 1 && model[0] == n.Self() {
					model = nil
				}
				model = slices.Insert(model, 0, p)
				model = model[:min(len(model), cfg.Successors)]
			},
			"replace": func(t *rapid.T) {
				list := rapid.SliceOfN(peer, 0, MaxSuccessors).Draw(t, "list")
				n.replaceList(&cfg, list)
				model = cutBefore(list, n.Self(), cfg.Successors)
			},
			"replace behind a head": func(t *rapid.T) {
				head, list := peer.Draw(t, "head"), rapid.SliceOfN(peer, 0, MaxSuccessors).Draw(t, "list")
				n.replaceListWith(&cfg, head, list)
				model = cutBefore(append([]Peer{head}, list...), n.Self(), cfg.Successors)
			},
			"": func(t *rapid.T) {
				if got := n.AppendList(nil); !slices.Equal(got, model) {
					t.Fatalf("list %v, want %v", got, model)
				}
				for a := Addr(257); a < 360; a++ {
					if n.findEntry(a) != slices.IndexFunc(model, func(p Peer) bool { return p.Addr == a }) {
						t.Fatalf("findEntry(%d) = %d in %v", a, n.findEntry(a), model)
					}
				}
			},
		})
	})
}

// cutBefore is the list that ends before self, or before its head comes
// around again, and after r entries at the latest; [self] is one.
func cutBefore(list []Peer, self Peer, r int) []Peer {
	for i, p := range list {
		if i > 0 && (p == self || p == list[0]) {
			return list[:min(i, r)]
		}
		if p == self {
			return []Peer{self}
		}
	}
	return slices.Clone(list[:min(len(list), r)])
}
