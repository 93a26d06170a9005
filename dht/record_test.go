package dht

import (
	"testing"

	"pgregory.net/rapid"

	"chordsim/chord"
)

// anyRecord draws a record, of few keys, versions and writers so that they meet.
func anyRecord(t *rapid.T) Record {
	r := NewRecord(rapid.Uint32Range(0, 9).Draw(t, "key"), rapid.Uint32().Draw(t, "value"),
		rapid.SampledFrom([]int64{0, 1, 100, MaxValue}).Draw(t, "size"), rapid.Bool().Draw(t, "deleted"))
	r.Version, r.Writer = rapid.Uint64Range(0, 3).Draw(t, "version"), rapid.Uint32Range(0, 3).Draw(t, "writer")
	return r
}

func TestNewRecord(t *testing.T) {
	r := NewRecord(3, 4, MaxValue, false)
	if r.Key != 3 || r.Value != 4 || r.Size() != MaxValue || r.Deleted() || r.Version != 0 || r.Writer != 0 {
		t.Errorf("a put of %d bytes is %+v", int64(MaxValue), r)
	}
	if d := NewRecord(3, 5, 100, true); d.Size() != 0 || !d.Deleted() || d.Key != 3 || d.Value != 5 {
		t.Errorf("a delete is %+v of %d bytes", d, d.Size())
	}
}

// A record survives a message of its own, and a list beside one; neither touches
// what says whose request it is.
func TestRecordsTravel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(rapid.Custom(anyRecord), 0, MaxBatch).Draw(t, "records")
		var list []chord.Peer
		for i, r := range records {
			m := chord.Message{Kind: Value, Call: 7, Slot: 8, Flags: flagFound, BID: 9, B: 10}
			setRecord(&m, r)
			if back := recordOf(&m); back != r {
				t.Fatalf("%+v came back from a message as %+v", r, back)
			}
			m.Key, m.AID, m.A, m.Initiator = 0, 0, 0, 0
			if m != (chord.Message{Kind: Value, Call: 7, Slot: 8, Flags: flagFound, BID: 9, B: 10}) {
				t.Fatalf("the record of %+v took more of the message: %+v", r, m)
			}
			list = r.appendTo(list)
			if len(list) != listed*(i+1) || len(list) > chord.MaxSuccessors {
				t.Fatalf("%d records take %d elements", i+1, len(list))
			}
		}
		for i, r := range records {
			if back := recordAt(list, i); back != r {
				t.Fatalf("record %d, %+v, came back from a list as %+v", i, r, back)
			}
		}
	})
}

// Commands carry what they ask for, and the host's tag.
func TestCommands(t *testing.T) {
	r := NewRecord(3, 4, 100, false)
	if m := CommandPut(r, 5); m.Kind != CmdPut || m.Call != 5 || recordOf(&m) != r {
		t.Errorf("a put is %+v", m)
	}
	if m := CommandGet(3, 5); m.Kind != CmdGet || m.Call != 5 || recordOf(&m).Key != 3 {
		t.Errorf("a get is %+v", m)
	}
	for k := chord.DataKinds; k < EndKinds; k++ {
		if !Owns(k) || KindName(k) == "" || Local(k) != (k == CmdPut || k == CmdGet) {
			t.Errorf("kind %d: %q, ours %v, local %v", k, KindName(k), Owns(k), Local(k))
		}
	}
	if Owns(chord.DataKinds-1) || Owns(EndKinds) || EndKinds > chord.MaxKinds {
		t.Error("kinds beyond those of this layer count among them")
	}
}

// By version and then by writer records stand in a strict total order, whatever
// else they say: exactly one of two that differ in these is newer, and the zero
// record is older than every other.
func TestNewerIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyRecord(t), anyRecord(t), anyRecord(t)
		same := a.Version == b.Version && a.Writer == b.Writer
		if a.Newer(b) && b.Newer(a) || !a.Newer(b) && !b.Newer(a) != same {
			t.Fatalf("%+v and %+v: newer %v, the other %v", a, b, a.Newer(b), b.Newer(a))
		}
		if a.Newer(b) && b.Newer(c) && !a.Newer(c) {
			t.Fatalf("%+v, %+v, %+v stand in no order", a, b, c)
		}
		if a.Version > b.Version && !a.Newer(b) {
			t.Fatalf("%+v is not newer than %+v", a, b)
		}
		if (Record{}).Newer(a) || a.Version != 0 && !a.Newer(Record{}) {
			t.Fatalf("%+v is not newer than nothing", a)
		}
	})
}

// What a message of each kind carries: versions and writers, peers, texts of keys
// and values.
func TestSizeOfMessages(t *testing.T) {
	keys := Keys{IDs: []uint64{10, 20}, Bytes: []uint16{5, 700}}
	put := CommandPut(NewRecord(1, 1, 100, false), 0)
	deleted := CommandPut(NewRecord(1, 1, 100, true), 0)
	message := func(kind chord.Kind, of chord.Message, flags uint8) chord.Message {
		of.Kind, of.Flags = kind, flags
		return of
	}
	list := NewRecord(0, 1, 1000, false).appendTo(NewRecord(1, 2, 30, true).appendTo(nil))
	for _, c := range []struct {
		what    string
		m       chord.Message
		list    []chord.Peer
		ids     int
		payload int64
	}{
		{"put: key and value", message(Put, put, 0), nil, 0, 800},
		{"command: as the put", put, nil, 0, 800},
		{"delete: the key", message(Put, deleted, 0), nil, 0, 700},
		{"put_ack: version and writer", message(PutAck, put, 0), nil, 2, 0},
		{"put_ack: another owner", message(PutAck, put, flagElsewhere), nil, 2, 0},
		{"get: the key", message(Get, put, 0), nil, 0, 700},
		{"value: nothing", message(Value, chord.Message{}, 0), nil, 0, 0},
		{"value: version, writer, value", message(Value, put, flagFound), nil, 2, 100},
		{"value: another owner", message(Value, chord.Message{}, flagElsewhere), nil, 2, 0},
		{"value: both", message(Value, put, flagFound|flagElsewhere), nil, 4, 100},
		{"value: a tombstone", message(Value, deleted, flagFound), nil, 2, 0},
		{"copy: each with key and value", chord.Message{Kind: Copy}, list, 4, 1705},
		{"copy: nothing", chord.Message{Kind: Copy}, nil, 0, 0},
		{"copy_ack", chord.Message{Kind: CopyAck}, nil, 0, 0},
		{"give: as the copy", chord.Message{Kind: Give}, list, 4, 1705},
		{"give_ack", chord.Message{Kind: GiveAck}, nil, 0, 0},
		{"sync: two ends, version, number, hash", chord.Message{Kind: Sync}, nil, 5, 0},
		{"sync_ack", chord.Message{Kind: SyncAck}, nil, 0, 0},
	} {
		if ids, payload := keys.Size(&c.m, c.list); ids != c.ids || payload != c.payload {
			t.Errorf("%s: %d identifiers and %d bytes, want %d and %d", c.what, ids, payload, c.ids, c.payload)
		}
	}
}

// Only who asks is owed a report that nobody was there.
func TestBounceOf(t *testing.T) {
	for k := chord.DataKinds; k < EndKinds; k++ {
		b, ok := BounceOf(&chord.Message{Kind: k, Call: 3, Slot: 4, Key: 5})
		asks := k == Put || k == Get || k == Copy || k == Give || k == Sync
		want := chord.Message{}
		if asks {
			want = chord.Message{Kind: chord.Bounce, Call: 3, Slot: 4, Flags: chord.FlagLayer, Path: uint16(k)}
		}
		if ok != asks || b != want {
			t.Errorf("the bounce of %s is %+v, %v", KindName(k), b, ok)
		}
	}
}
