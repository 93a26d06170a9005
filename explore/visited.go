package explore

// visited are the states there are: a hash of 64 bits each, from where and by
// which event it was reached. Blocks are never moved, so that growing copies
// nothing but the index.
type visited struct {
	count  int
	blocks []*visitedBlock
	index  []uint32 // open addressing: 1 + the number of a state; 0: free
}

const blockBits = 16

type visitedBlock struct {
	hash   [1 << blockBits]uint64
	parent [1 << blockBits]uint32
	choice [1 << blockBits]uint16
}

const blockBytes = (8 + 4 + 2) << blockBits

func newVisited() *visited { return &visited{index: make([]uint32, 1<<16)} }

func (v *visited) hash(i uint32) uint64 { return v.blocks[i>>blockBits].hash[i&(1<<blockBits-1)] }

// from returns the state that i was reached from, and by which of its events;
// a state to begin with has itself.
func (v *visited) from(i uint32) (parent uint32, choice int) {
	b := v.blocks[i>>blockBits]
	return b.parent[i&(1<<blockBits-1)], int(b.choice[i&(1<<blockBits-1)])
}

// find returns the number of the state with a hash.
func (v *visited) find(hash uint64) (uint32, bool) {
	mask := uint64(len(v.index) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		i := v.index[at]
		if i == 0 {
			return 0, false
		}
		if v.hash(i-1) == hash {
			return i - 1, true
		}
	}
}

// findAll reports for each of some hashes whether there is a state with it. In a table
// that is larger than any cache each step of one waits for memory: they are taken
// together, so that the waits are, too.
func (v *visited) findAll(hashes []uint64, known []bool) {
	const together = 16
	mask := uint64(len(v.index) - 1)
	var slot [together]uint32
	var seen [together]uint64
	for len(hashes) > 0 {
		some := hashes[:min(together, len(hashes))]
		for k, hash := range some {
			slot[k] = v.index[hash&mask]
		}
		for k := range some {
			if i := slot[k]; i > 0 {
				seen[k] = v.hash(i - 1)
			}
		}
		for k, hash := range some {
			known[k] = slot[k] > 0 && seen[k] == hash
			if slot[k] > 0 && !known[k] {
				_, known[k] = v.find(hash)
			}
		}
		hashes, known = hashes[len(some):], known[len(some):]
	}
}

// add adds a state unless it is there.
func (v *visited) add(hash uint64, parent uint32, choice int) (number uint32, isNew bool) {
	mask := uint64(len(v.index) - 1)
	at := hash & mask
	for ; v.index[at] != 0; at = (at + 1) & mask {
		if i := v.index[at] - 1; v.hash(i) == hash {
			return i, false
		}
	}
	number = uint32(v.count)
	v.append(hash, parent, choice)
	v.index[at] = number + 1
	if v.count*4 > len(v.index)*3 {
		v.grow()
	}
	return number, true
}

// append adds a state that is not in the index yet.
func (v *visited) append(hash uint64, parent uint32, choice int) {
	if v.count>>blockBits == len(v.blocks) {
		v.blocks = append(v.blocks, new(visitedBlock))
	}
	b, i := v.blocks[v.count>>blockBits], v.count&(1<<blockBits-1)
	b.hash[i], b.parent[i], b.choice[i] = hash, parent, uint16(choice)
	v.count++
}

// grow doubles the index until there is room in it for one more state.
func (v *visited) grow() {
	size := len(v.index)
	for v.count*4 > size*3 {
		size *= 2
	}
	v.index = make([]uint32, size)
	mask := uint64(size - 1)
	for i := range v.count {
		at := v.hash(uint32(i)) & mask
		for v.index[at] != 0 {
			at = (at + 1) & mask
		}
		v.index[at] = uint32(i) + 1
	}
}

// bytes is what the table takes, and what it will have taken at its peak when
// it grows next.
func (v *visited) bytes() (now, next int64) {
	blocks := int64(len(v.blocks)) * blockBytes
	now = blocks + 4*int64(len(v.index))
	next = now + blockBytes
	if (v.count+1<<blockBits)*4 > len(v.index)*3 {
		next += 8 * int64(len(v.index))
	}
	return now, next
}
