package chord

import (
	"testing"
	"unsafe"
)

// A million nodes are one slab: the limits on the sizes are part of the
// design.
func TestSizes(t *testing.T) {
	if s := unsafe.Sizeof(Node{}); s > 1600 {
		t.Errorf("a node takes %d bytes, the limit is 1600", s)
	}
	if s := unsafe.Sizeof(Message{}); s > 64 {
		t.Errorf("a message takes %d bytes, the limit is 64", s)
	}
	t.Logf("node %d, message %d, lookup %d, walk %d bytes", unsafe.Sizeof(Node{}), unsafe.Sizeof(Message{}), unsafe.Sizeof(lookup{}), unsafe.Sizeof(walk{}))
}
