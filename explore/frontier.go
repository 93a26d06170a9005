package explore

// frontier are the states of one depth, one behind the other.
type frontier struct {
	first uint32 // the number of the first state; the others follow
	count int
	gone  int // states of parts that were released
	parts []part
}

// part is a piece of a frontier that begins anew, so that no offset is above
// 2^32 and growing copies little.
type part struct {
	codes []byte
	ends  []uint32
}

const partBytes = 1 << 18

func (f *frontier) add(code []byte) {
	k := len(f.parts) - 1
	if k < 0 || len(f.parts[k].codes)+len(code) > partBytes {
		f.parts = append(f.parts, part{codes: make([]byte, 0, partBytes)})
		k++
	}
	p := &f.parts[k]
	p.codes = append(p.codes, code...)
	p.ends = append(p.ends, uint32(len(p.codes)))
	f.count++
}

func (p *part) state(i int) []byte {
	from := uint32(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.codes[from:p.ends[i]]
}

// release lets go of the parts whose states are all among the first so many.
func (f *frontier) release(expanded int) {
	for len(f.parts) > 0 && f.gone+len(f.parts[0].ends) <= expanded {
		f.gone += len(f.parts[0].ends)
		f.parts[0] = part{}
		f.parts = f.parts[1:]
	}
}

// bytes is what the frontier takes.
func (f *frontier) bytes() (sum int64) {
	for i := range f.parts {
		sum += int64(cap(f.parts[i].codes)) + 4*int64(cap(f.parts[i].ends))
	}
	return sum
}
