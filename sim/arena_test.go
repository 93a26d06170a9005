package sim

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Lists of every length keep what was stored until they are dropped, share no
// memory with one another, and are reused: the arena never grows beyond the most
// lists of a class that were alive at once, rounded up to a block.
func TestListsKeepTheirElements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type held struct {
			place uint32
			want  []uint64
		}
		var a lists[uint64]
		var alive []held
		var inClass, most [classes]int
		next := uint64(0)
		t.Repeat(map[string]func(*rapid.T){
			"store": func(t *rapid.T) {
				for range rapid.IntRange(1, 200).Draw(t, "count") {
					n := rapid.IntRange(1, MaxList).Draw(t, "length")
					list := make([]uint64, n)
					for i := range list {
						next++
						list[i] = next
					}
					alive = append(alive, held{a.store(list), slices.Clone(list)})
					clear(list) // the arena holds a copy
					c := classOf(n)
					inClass[c]++
					most[c] = max(most[c], inClass[c])
				}
			},
			"drop": func(t *rapid.T) {
				for range rapid.IntRange(0, len(alive)).Draw(t, "count") {
					i := rapid.IntRange(0, len(alive)-1).Draw(t, "which")
					a.drop(alive[i].place, len(alive[i].want))
					inClass[classOf(len(alive[i].want))]--
					alive[i] = alive[len(alive)-1]
					alive = alive[:len(alive)-1]
				}
			},
			"": func(t *rapid.T) {
				for _, h := range alive {
					if got := a.at(h.place, len(h.want)); !slices.Equal(got, h.want) || cap(got) != len(got) {
						t.Fatalf("list at %d is %v (capacity %d), want %v", h.place, got, cap(got), h.want)
					}
				}
				for c := range a.class {
					if got := int(a.class[c].used); got != most[c] || cap(a.class[c].free) < got {
						t.Fatalf("class %d has handed out %d lists and can free %d without allocating, at most %d were alive",
							c, got, cap(a.class[c].free), most[c])
					}
				}
			},
		})
	})
}

func TestListClassIsTheSmallestThatFits(t *testing.T) {
	for n := 1; n <= MaxList; n++ {
		room := 4 << classOf(n)
		if room < n || room > 4 && room/2 >= n {
			t.Errorf("a list of %d goes where %d fit", n, room)
		}
	}
}

// A slot does not move while it is held, however the slab grows, and a freed one is
// used before a new one.
func TestSlabSlotsStayWhereTheyAre(t *testing.T) {
	var s slab[uint64]
	var refs []uint32
	var slots []*slot[uint64]
	for i := range uint64(3 * slabBlockLen) {
		ref, p := s.alloc()
		p.m = i
		refs, slots = append(refs, ref), append(slots, p)
	}
	for i, ref := range refs {
		if s.at(ref) != slots[i] || slots[i].m != uint64(i) {
			t.Fatalf("slot %d moved or holds %d", i, slots[i].m)
		}
	}
	if cap(s.free) < len(refs) {
		t.Errorf("%d slots handed out, only %d can be freed without allocating", len(refs), cap(s.free))
	}
	for _, ref := range refs {
		s.free.push(ref)
	}
	for range refs {
		s.alloc()
	}
	if s.used != 3*slabBlockLen {
		t.Errorf("%d slots handed out, at most %d were held", s.used, 3*slabBlockLen)
	}
}
