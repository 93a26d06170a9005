package scenarios

import "github.com/invopop/jsonschema"

// RingSpec is the section ring: the protocol and its parameters, the same for
// every node.
type RingSpec struct {
	Protocol         string       `json:"protocol,omitempty" jsonschema:"enum=corrected,enum=ton2003,enum=sigcomm2001,enum=echord,enum=zave2012,default=corrected" jsonschema_description:"The preset of rules: corrected (Zave 2017), ton2003, sigcomm2001, echord (E-Chord, which has defaults of its own), zave2012 (Zave's model of the original protocol)."`
	Rules            Rules        `json:"rules,omitzero" jsonschema_description:"Single rules that differ from the preset's."`
	Bits             int          `json:"bits,omitempty" jsonschema:"minimum=1,maximum=64,default=64" jsonschema_description:"Identifiers are numbers below 2^bits (echord: default 14)."`
	Successors       int          `json:"successors,omitempty" jsonschema:"minimum=1,maximum=64,default=20" jsonschema_description:"Length of the successor list, the successor included; corrected needs 2 or more, zave2012 has 2 (echord: default bits + 1)."`
	Stabilize        PeriodSpec   `json:"stabilize,omitzero" jsonschema_description:"The rounds of stabilization (default 30s, jitter 50%; echord: 3s, no jitter)."`
	FixFingers       PeriodSpec   `json:"fix_fingers,omitzero" jsonschema_description:"One finger is refreshed each time (default 30s, jitter 50%; none where the rounds refresh fingers themselves)."`
	CheckPredecessor PeriodSpec   `json:"check_predecessor,omitzero" jsonschema_description:"The predecessor is pinged (default 30s, jitter 50%; echord: never)."`
	RPCTimeout       Duration     `json:"rpc_timeout,omitempty" jsonschema_description:"An answer later than this counts as a death (default 500ms; echord: 10s)."`
	RPCTries         int          `json:"rpc_tries,omitempty" jsonschema:"minimum=1,maximum=8" jsonschema_description:"Sends before a peer counts as dead (default: the preset's, 2 under corrected, else 1)."`
	Lookup           string       `json:"lookup,omitempty" jsonschema:"enum=iterative,enum=recursive,enum=fallback,default=iterative" jsonschema_description:"Who contacts the next node on the way: the initiator (iterative), or the node that named it (recursive). fallback, E-Chord's and its default: the initiator, which is named several nodes and asks one after the other for its successor."`
	FallbackFingers  int          `json:"fallback_fingers,omitempty" jsonschema:"minimum=0,maximum=8,default=2" jsonschema_description:"lookup: fallback only: how many lower fingers are named beside the closest preceding one."`
	LookupDeadline   Duration     `json:"lookup_deadline,omitempty" jsonschema_description:"A lookup older than this has failed (default 20 times rpc_timeout)."`
	Candidates       int          `json:"candidates,omitempty" jsonschema:"minimum=1,maximum=64,default=1" jsonschema_description:"Of how many nodes the nearest becomes the next hop: a finger and those that follow it before the key (1: plain Chord); not above successors."`
	OwnerFromList    Switch       `json:"owner_from_list,omitempty" jsonschema_description:"A lookup of a key that lies within a node's successor list ends there, instead of at the key's predecessor (default off)."`
	ProbeOwner       Switch       `json:"probe_owner,omitempty" jsonschema_description:"An iterative lookup contacts the owner before it names it (default on; echord: off)."`
	OwnerAnswers     Switch       `json:"owner_answers,omitempty" jsonschema_description:"A lookup ends when the owner itself has answered the initiator: asked by it (iterative), or handed the lookup by the node that names it (recursive) (default off)."`
	HopAck           Switch       `json:"hop_ack,omitempty" jsonschema_description:"A recursive hop is acknowledged, and goes elsewhere without (default on)."`
	Retry            Switch       `json:"retry,omitempty" jsonschema_description:"A lookup goes on after a timeout; off: the first one fails it (default on)."`
	Detector         DetectorSpec `json:"detector,omitzero" jsonschema_description:"How a node learns that another is dead (default timeout)."`
	VirtualNodes     int          `json:"virtual_nodes,omitempty" jsonschema:"minimum=1,maximum=1024,default=1" jsonschema_description:"Nodes of the ring that each host runs."`
	Bootstrap        string       `json:"bootstrap,omitempty" jsonschema:"enum=random,enum=seed-server,default=random" jsonschema_description:"Who names the member that a node joins through: random, one out of all, known at once; seed-server, a server that nodes ask, register with and report to."`
	IDs              string       `json:"ids,omitempty" jsonschema:"enum=random,enum=hash,default=random" jsonschema_description:"random: drawn without replacement, other ones for every seed; hash: SHA-1 of the address, cut to bits, the same for every seed."`
}

// bySeedServer reports whether nodes ask a seed server for a member to join
// through.
func (r *RingSpec) bySeedServer() bool { return r.Bootstrap == "seed-server" }

// Rules are the rules of a ring that a scenario switches apart from its
// preset: a row of protocol §1 each. What is empty or nil is the preset's.
type Rules struct {
	Join               string  `json:"join,omitempty" jsonschema:"enum=successor,enum=successor_list,enum=predecessor_list,enum=through_successor,enum=shifted_list,enum=successor_alive" jsonschema_description:"What a joiner learns before it is a member: its successor; that and its list and fingers; the list of the member before it, in one answer; the successor, then its list; that without its last entry. successor_alive: its successor only, if that one lives."`
	JoinStabilizes     *Switch `json:"join_stabilizes,omitempty" jsonschema_description:"A new member stabilizes at once."`
	FirstRound         string  `json:"first_round,omitempty" jsonschema:"enum=phase,enum=period" jsonschema_description:"The periodic rounds of a new member begin at a random phase of their period; one whole period after it joined."`
	BetterSuccessor    string  `json:"better_successor,omitempty" jsonschema:"enum=adopt,enum=adopt_alive,enum=ask,enum=poll" jsonschema_description:"A better successor is adopted; adopted unless it is dead; asked first and adopted with its list. poll: adopted unless it is dead, and every other predecessor of the successor is polled, which is told of a dead one."`
	Chase              *Switch `json:"chase,omitempty" jsonschema_description:"Having adopted a better successor, a node stabilizes again at once."`
	DeadSuccessor      string  `json:"dead_successor,omitempty" jsonschema:"enum=keep,enum=next,enum=reconcile,enum=drop,enum=join_again,enum=update" jsonschema_description:"A dead successor stays; gives way to the next live entry; to the next, with which the list is reconciled; is dropped and the next one asked at once, until the node is cut off; the same, but a node with nothing behind its successor joins again. update: gives way to the next entry at the end of a round, and stays if there is none."`
	Rejoin             *Switch `json:"rejoin,omitempty" jsonschema_description:"A cut-off node joins again."`
	Notify             string  `json:"notify,omitempty" jsonschema:"enum=closer,enum=rectify" jsonschema_description:"A notifier becomes the predecessor if it is closer; also if the old one is dead."`
	ClearPredecessor   *Switch `json:"clear_predecessor,omitempty" jsonschema_description:"check_predecessor empties a dead predecessor."`
	TellOldPredecessor *Switch `json:"tell_old_predecessor,omitempty" jsonschema_description:"The predecessor that was replaced is told by whom."`
	Refresh            string  `json:"refresh,omitempty" jsonschema:"enum=list,enum=entry,enum=fingers,enum=list_entry,enum=reconcile" jsonschema_description:"A round refreshes the whole list; one entry of list and fingers in turn; the list and all fingers; one entry of the list in turn and then one finger. reconcile: the second of two entries, which a better successor leaves as it is."`
	FingerOrder        string  `json:"finger_order,omitempty" jsonschema:"enum=farthest,enum=random" jsonschema_description:"Which finger fix_fingers takes."`
	TimedOutEntry      string  `json:"timed_out_entry,omitempty" jsonschema:"enum=keep,enum=remove,enum=remove_fingers" jsonschema_description:"What becomes of an entry that timed out in a lookup."`
	RefreshTells       *Switch `json:"refresh_tells,omitempty" jsonschema_description:"A lookup that refreshes a finger tells the nodes on its way of the dead, as a user's lookup does; off: it avoids them, and only the node that refreshes acts on them."`
	Leave              string  `json:"leave,omitempty" jsonschema:"enum=silent,enum=ton2003,enum=corrected" jsonschema_description:"What a voluntary leaver tells whom."`
	Busy               *Switch `json:"busy,omitempty" jsonschema_description:"A node in a stabilization answers state queries with busy."`
}

// PeriodSpec is how often something happens at a node: every Every, each
// interval drawn uniformly from Every ± Jitter·Every. Every 0 is never.
type PeriodSpec struct {
	Every  Duration `json:"every" jsonschema:"required" jsonschema_description:"The mean interval; 0s: never."`
	Jitter Fraction `json:"jitter,omitzero" jsonschema_description:"Each interval is uniform within this share of every, both ways (default 50%; 0 in the ring of echord)."`
}

// Spread returns the jitter as a time.
func (p PeriodSpec) Spread() Duration { return p.Jitter.Of(p.Every) }

// UnmarshalJSON reads "30s" or {"every": "30s", "jitter": "50%"}.
func (p *PeriodSpec) UnmarshalJSON(data []byte) error {
	type form PeriodSpec
	return decodeEither(data, p,
		func(every Duration) PeriodSpec { return PeriodSpec{Every: every, Jitter: unsaidJitter} },
		func() (PeriodSpec, error) {
			f, err := decodeOver(data, form{Jitter: unsaidJitter})
			return PeriodSpec(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (PeriodSpec) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Ref: "#/$defs/Duration"})
}

// DetectorSpec is how a node learns that another is dead (protocol §1).
type DetectorSpec struct {
	Model string   `json:"model" jsonschema:"required,enum=timeout,enum=perfect" jsonschema_description:"timeout: no answer within rpc_timeout; perfect: the network says so one latency later."`
	After Duration `json:"after,omitempty" jsonschema_description:"perfect only: acted on no earlier than this after the request."`
}

// Perfect reports whether no live node is ever taken for dead.
func (d DetectorSpec) Perfect() bool { return d.Model == "perfect" }

// UnmarshalJSON reads "perfect" or {"model": "perfect", "after": "500ms"}.
func (d *DetectorSpec) UnmarshalJSON(data []byte) error {
	type form DetectorSpec
	return decodeEither(data, d,
		func(model string) DetectorSpec { return DetectorSpec{Model: model} },
		func() (DetectorSpec, error) {
			f, err := decodeOver(data, form{})
			return DetectorSpec(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (DetectorSpec) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Type: "string", Enum: []any{"timeout", "perfect"}})
}
