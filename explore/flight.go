package explore

import "chordsim/chord"

// stage is how far a question has come.
type stage uint8

const (
	idle     stage = iota // nothing is asked
	asked                 // on its way to the peer
	answered              // the answer is on its way back
	reported              // the network's report is, that nobody is there
)

// nobody is no index of a node.
const nobody = MaxIDs

// parcel is a question under way, or its answer: what the asker's own state
// does not say of it. The list of an answer is by index.
type parcel struct {
	stage stage
	kind  chord.Kind // of the question or of the answer
	flags uint8      // FlagList, FlagFingers, FlagBusy
	a, b  uint8      // of an answer: predecessor, successor; or nobody
	n     uint8
	list  [MaxList + 1]uint8
}

// flight is what is on its way to one node: to its questions the answers, and
// beside them notifies. Nothing is on its way to who is absent but notifies that
// outlive a node (Model.Late).
type flight struct {
	parcels [chord.NumPurposes]parcel
	place   parcel        // of a joiner: the list of the member before it
	member  uint8         // that member
	notify  uint8         // bit i: a notify of node i,
	more    uint8         // and more than one, where they are told apart (Model.Many)
	told    uint8         // bit i: a new_successor of node i,
	closer  [MaxIDs]uint8 // which names this node
}
