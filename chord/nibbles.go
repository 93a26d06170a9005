package chord

// Nibbles packs numbers below 16, two to a byte, behind what is in Buf already. The
// zero value is ready for use.
type Nibbles struct {
	Buf  []byte
	half bool // the last byte has room for one more
}

// Put appends a number from 0 to 15.
func (w *Nibbles) Put(v uint8) {
	if w.half {
		w.Buf[len(w.Buf)-1] |= v << 4
	} else {
		w.Buf = append(w.Buf, v)
	}
	w.half = !w.half
}

// NibbleReader takes the numbers of Nibbles out again, in the same order.
type NibbleReader struct {
	Code []byte
	at   int // in nibbles
}

// Take returns the next number. It panics behind the last byte.
func (r *NibbleReader) Take() uint8 {
	b := r.Code[r.at>>1]
	if r.at&1 != 0 {
		b >>= 4
	}
	r.at++
	return b & 15
}

// Rest returns the bytes behind the one that was taken from last.
func (r *NibbleReader) Rest() []byte { return r.Code[(r.at+1)>>1:] }
