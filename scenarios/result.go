package scenarios

// SchemaVersion is the version of the form of result.json. It grows when a
// member changes its meaning or goes; new members do not change it.
const SchemaVersion = 1

// Result is what a scenario came to: result.json in Go. Everything but Host is
// a function of scenario, seed and version alone. Times are in seconds, shares
// from 0 to 1, sizes in bytes; an undefined number is null.
type Result struct {
	Schema       int            `json:"schema"`
	Name         string         `json:"name"`
	Title        string         `json:"title,omitempty"`
	Version      string         `json:"version"`
	Seed         uint64         `json:"seed"`
	Repeat       int            `json:"repeat"`
	Set          []string       `json:"set,omitempty"`    // overrides, as given
	Charts       []string       `json:"charts,omitempty"` // asked for by the scenario
	Interrupted  bool           `json:"interrupted,omitempty"`
	Rows         []Row          `json:"rows"`
	Expectations []ExpectResult `json:"expectations"`
	Comparisons  []Comparison   `json:"comparisons,omitempty"` // with what was published
	Tradeoffs    []Tradeoff     `json:"tradeoffs,omitempty"`
	Scenario     string         `json:"scenario"` // the text as it was read
	Host         *Host          `json:"host,omitempty"`
}

// Row is one combination of the varied values, with a run for each seed.
type Row struct {
	Labels []Param     `json:"labels,omitempty"` // the varied names, in order
	Params []Param     `json:"params,omitempty"` // all params of the scenario
	Runs   []RunResult `json:"runs"`             // by seed; unfinished ones are absent
	All    *Aggregate  `json:"all,omitempty"`    // over the runs
	Enough bool        `json:"enough,omitempty"` // fewer runs than Repeat, for the intervals are narrow enough
}

// Param is a name with the value it has in a row.
type Param struct {
	Name  string `json:"name"`
	Value Scalar `json:"value"`
}

// RunResult is one run: one row of values and one seed. What steps measured is
// in the order of the timeline.
type RunResult struct {
	Seed       uint64      `json:"seed"`
	Lookups    []Lookup    `json:"lookups,omitempty"`
	Loads      []Load      `json:"loads,omitempty"`
	Rings      []Ring      `json:"rings,omitempty"` // named measures
	Awaits     []Await     `json:"awaits,omitempty"`
	Traffic    []Traffic   `json:"traffic,omitempty"`
	Operations []Operation `json:"operations,omitempty"`
	Data       []Data      `json:"data,omitempty"`
	Ring       Ring        `json:"ring"` // at the end
	Run        RunSummary  `json:"run"`
	Counted    []Counted   `json:"counted,omitempty"` // what occurred at all
	Marks      []Mark      `json:"marks,omitempty"`   // steps, for charts over time
	Series     []Series    `json:"series,omitempty"`
}

// Distribution is a quantity measured many times in a run: its mean and its
// percentiles by nearest rank.
type Distribution struct {
	N    int64  `json:"n"`
	Mean Number `json:"mean"`
	P1   Number `json:"p1"`
	P10  Number `json:"p10"`
	P50  Number `json:"p50"`
	P90  Number `json:"p90"`
	P99  Number `json:"p99"`
	Max  Number `json:"max"`
}

// Lookup is what the lookups of one step came to; LookupTally says which
// lookups each measure is taken over.
type Lookup struct {
	Name         string       `json:"name"`
	Count        int64        `json:"count"`
	Correct      int64        `json:"correct"`
	Wrong        int64        `json:"wrong"`
	Failed       int64        `json:"failed"`
	Abandoned    int64        `json:"abandoned"`
	FailedShare  Number       `json:"failed_share"`
	WrongShare   Number       `json:"wrong_share"`
	Path         Distribution `json:"path"`
	PathNonlocal Distribution `json:"path_nonlocal"`
	Timeouts     Distribution `json:"timeouts"`
	Latency      Distribution `json:"latency"` // seconds
	Stretch      Distribution `json:"stretch"`

	tally *LookupTally
}

// Load is how evenly keys lie on the nodes or, of stored ones, how evenly their
// bytes do and the requests for them.
type Load struct {
	Name        string `json:"name"`
	Of          string `json:"of,omitempty"` // bytes or requests; "": keys
	Keys        int64  `json:"keys"`         // the total, of whatever it is; at most the largest int64
	Nodes       int64  `json:"nodes"`
	Mean        Number `json:"mean"`
	P1          Number `json:"p1"`
	P50         Number `json:"p50"`
	P99         Number `json:"p99"`
	Max         Number `json:"max"`
	MaxOverMean Number `json:"max_over_mean"`
	P99OverMean Number `json:"p99_over_mean"`
	P1OverMean  Number `json:"p1_over_mean"`
	Gini        Number `json:"gini"`
	EmptyShare  Number `json:"empty_share"` // nodes without a key

	tally *LoadTally
}

// Verdicts are the words for a ring, from best to worst (protocol §3).
var Verdicts = []string{"ideal", "ring", "loopy", "split", "broken"}

// Ring is the verdict on a ring at one instant.
type Ring struct {
	Name              string   `json:"name,omitempty"` // "" for the end of the run
	Time              Number   `json:"time"`           // virtual seconds
	Verdict           string   `json:"verdict"`        // one of Verdicts
	Members           int64    `json:"members"`
	Principals        int64    `json:"principals"`
	CutOff            int64    `json:"cut_off"` // members without a live successor
	RightSuccessors   Number   `json:"right_successors"`
	RightPredecessors Number   `json:"right_predecessors"`
	RightLists        Number   `json:"right_lists"` // entries of successor lists
	RightFingers      Number   `json:"right_fingers"`
	Stability         Number   `json:"stability"`
	FalseSuspicions   int64    `json:"false_suspicions"` // since the start
	Violated          []string `json:"violated,omitempty"`
	BelowProof        bool     `json:"below_proof,omitempty"` // fewer than r+1 members
}

// Await is how a step that waits for a state of the ring ended.
type Await struct {
	Name     string `json:"name,omitempty"`
	For      string `json:"for"` // what was awaited, in words
	Held     bool   `json:"held"`
	Required bool   `json:"required"` // unmet, it fails the run
	Time     Number `json:"time"`     // virtual seconds; undefined if not Held
}

// Traffic is what nodes sent while a measurement lasted.
type Traffic struct {
	Name string `json:"name"`
	Rates
	Kinds []KindTraffic `json:"kinds,omitempty"` // kinds that occurred
}

// Rates are messages and bytes a node sends in a second.
type Rates struct {
	Messages Number `json:"messages_per_node_second"`
	Bytes    Number `json:"bytes_per_node_second"`
}

// KindTraffic is the part of one kind of message.
type KindTraffic struct {
	Kind string `json:"kind"`
	Rates
}

// Counted is something that is neither an error nor a measurement, and how
// often it occurred in a run.
type Counted struct {
	What  string `json:"what"`
	Count int64  `json:"count"`
}

// RunSummary identifies a run: two runs with one digest handed the same events
// to the same nodes in the same order.
type RunSummary struct {
	Digest   string `json:"digest"` // hexadecimal
	Events   int64  `json:"events"`
	Messages int64  `json:"messages"` // sends over the network
	Virtual  Number `json:"virtual"`  // seconds, from start to end
}

// Host holds all that depends on the machine and on how the work was split.
type Host struct {
	GoVersion    string         `json:"go_version"`
	OS           string         `json:"os"`
	Arch         string         `json:"arch"`
	Cores        int            `json:"cores"`
	Jobs         int            `json:"jobs"`
	Shards       int            `json:"shards"`
	Workers      int            `json:"workers"`
	Wall         Number         `json:"wall"`           // seconds, of everything
	Note         string         `json:"note,omitempty"` // why runs were not divided as asked
	Runs         []HostRun      `json:"runs"`
	Expectations []ExpectResult `json:"expectations,omitempty"` // those that read host
}

// HostRun is what one run cost.
type HostRun struct {
	Row                   int    `json:"row"` // index into Result.Rows
	Seed                  uint64 `json:"seed"`
	Wall                  Number `json:"wall"`  // seconds from the first event to the last
	Setup                 Number `json:"setup"` // seconds before the first event
	MessagesPerWallSecond Number `json:"messages_per_wall_second"`
	PeakMemory            Number `json:"peak_memory"`    // bytes, of the whole process so far
	BytesPerNode          Number `json:"bytes_per_node"` // peak memory over the addresses used, where the process did this run alone
}

// run returns the costs of one run, nil if they were not recorded.
func (h *Host) run(row int, seed uint64) *HostRun {
	if h == nil {
		return nil
	}
	for i := range h.Runs {
		if h.Runs[i].Row == row && h.Runs[i].Seed == seed {
			return &h.Runs[i]
		}
	}
	return nil
}

// Finished returns how many runs the result holds.
func (r *Result) Finished() int {
	n := 0
	for _, row := range r.Rows {
		n += len(row.Runs)
	}
	return n
}
