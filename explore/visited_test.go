package explore

import "testing"

// Taken together or one by one, the same states are found: those that share a slot with
// others, those whose slot another has, and none that are not there.
func TestFoundTogetherAsAlone(t *testing.T) {
	v := newVisited()
	hash := func(i uint64) uint64 { return i * 0x9e3779b97f4a7c15 >> 20 & 0xf00ffff } // many in one slot
	for i := range uint64(40_000) {
		v.add(hash(i), 0, 0)
	}
	var hashes []uint64
	there, beside := 0, 0
	for i := range uint64(1000) {
		hashes = append(hashes, hash(39_500+i))
	}
	known := make([]bool, len(hashes))
	v.findAll(hashes, known)
	for k, h := range hashes {
		number, alone := v.find(h)
		if known[k] != alone {
			t.Fatalf("%x is known: %v together, %v alone", h, known[k], alone)
		}
		if alone {
			there++
			if v.index[h&uint64(len(v.index)-1)] != number+1 {
				beside++
			}
		}
	}
	if there < 500 || there > 990 || beside < 50 {
		t.Errorf("%d of %d were there, %d of them beside their slots", there, len(hashes), beside)
	}
}
