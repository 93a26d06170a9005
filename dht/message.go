package dht

import "chordsim/chord"

// Kinds of messages. What a field of chord.Message means is said with the
// handler; a record travels as setRecord and appendTo lay it out.
const (
	Put     = chord.DataKinds + iota // a client's record for its owner
	PutAck                           // it is held by its quorum: the record, or the later one that has overwritten it
	Get                              // Key: whose value
	Value                            // the answer
	Copy                             // records for another holder, beside the message
	CopyAck                          // it holds them
	Give                             // records for their owner, beside the message
	GiveAck                          // all current holders have them
	Sync                             // an owner's arc (AID, BID]; of its records up to version (A, B): how many, and their hash
	SyncAck                          // the same here, or not
	CmdPut                           // a client's command: a record without a version; Call: the host's tag
	CmdGet                           // Key: whose value
	EndKinds
)

var kindNames = [EndKinds - chord.DataKinds]string{
	"put", "put_ack", "get", "value", "copy", "copy_ack", "give", "give_ack", "sync", "sync_ack", "cmd_put", "cmd_get",
}

// KindName returns the name of a kind of this layer.
func KindName(k chord.Kind) string { return kindNames[k-chord.DataKinds] }

// Owns reports whether a kind is this layer's.
func Owns(k chord.Kind) bool { return k >= chord.DataKinds && k < EndKinds }

// Local reports whether a kind of this layer never crosses the network.
func Local(k chord.Kind) bool { return k >= CmdPut }

// Flags of the messages of this layer.
const (
	flagFound     = 1 << iota // Value: there is a record
	flagPartial               // Value: the node may not have all that it should; SyncAck: not the same
	flagElsewhere             // PutAck, Value: ask B, BID instead
	flagKeep                  // GiveAck: the giver keeps its copies; Get: asked as a holder; Value: as one, not as an owner that has all
	flagBounce                // chord.FlagLayer
	flagLast                  // Give: there is no more for the receiver's arc
	flagLeaving               // Give: from a leaver. Put: sent here by one
	flagRefused               // PutAck, GiveAck: not done
)

// request reports whether a kind is a question that somebody waits for.
func request(k chord.Kind) bool {
	switch k {
	case Put, Get, Copy, Give, Sync:
		return true
	}
	return false
}

// BounceOf returns the report that request m reached nobody, as chord.BounceOf
// does for the ring's.
func BounceOf(m *chord.Message) (chord.Message, bool) {
	if !request(m.Kind) {
		return chord.Message{}, false
	}
	return chord.Message{Kind: chord.Bounce, Call: m.Call, Slot: m.Slot, Flags: chord.FlagLayer, Path: uint16(m.Kind)}, true
}

// Keys says what the keys of a run are: its host's, read and never changed
// while a node steps.
type Keys struct {
	IDs   []uint64 // by key
	Bytes []uint16 // of the key's text
}

// idsOfRecord is a record's version and writer.
const idsOfRecord = 2

// Size returns how many identifiers and addresses a message of this layer
// carries with its list, and how many bytes of key texts and values. A version
// and its writer are one each, a peer is two, as in the ring.
func (k *Keys) Size(m *chord.Message, list []chord.Peer) (ids int, payload int64) {
	switch m.Kind {
	case Put, CmdPut:
		r := recordOf(m)
		return 0, int64(k.Bytes[r.Key]) + r.Size()
	case PutAck:
		return idsOfRecord, 0
	case Get:
		return 0, int64(k.Bytes[uint32(m.Key>>32)])
	case Value:
		if m.Flags&flagElsewhere != 0 {
			ids = 2
		}
		if m.Flags&flagFound != 0 {
			ids += idsOfRecord
			payload = recordOf(m).Size()
		}
		return ids, payload
	case Copy, Give:
		for i := range len(list) / listed {
			r := recordAt(list, i)
			payload += int64(k.Bytes[r.Key]) + r.Size()
		}
		return len(list) / listed * idsOfRecord, payload
	case Sync:
		return 5, 0 // two ends, a version, a number, a hash
	}
	return 0, 0
}

// CommandPut returns the command to put a record, or to delete its key; tag is
// the host's.
func CommandPut(r Record, tag uint32) chord.Message {
	m := chord.Message{Kind: CmdPut, Call: tag}
	setRecord(&m, r)
	return m
}

// CommandGet returns the command to read a key.
func CommandGet(key, tag uint32) chord.Message {
	m := chord.Message{Kind: CmdGet, Call: tag}
	setRecord(&m, Record{Key: key})
	return m
}
