package sim

import "time"

// MatrixLatency: measured latencies between sites, read from a file; each host is
// at a random site, several at one where the draw has it so, or at the next one in
// turn. A message takes the
// time in its cell, the same for every message of a pair. The King matrix of the
// published churn studies is of kind rtt.
type MatrixLatency struct {
	File    string // of n × n numbers, as ReadMatrix describes
	Unit    string // ns, us, ms or s
	Kind    string // rtt: a cell is there and back, and a message takes half of it; one-way
	Missing string // error (also ""): a missing cell is refused; drop: messages there are lost
	Sites   string // random (also ""); in-turn: host 1 at the first site, host 2 at the second
	Min     Time   // the floor; 0: DefaultFloor

	// Table is what Load read. With one, building reads nothing, many runs share
	// one copy, and File and Unit may be empty.
	Table *LatencyMatrix
}

// Validate returns every problem of the parameters, joined; those of the file are
// Load's.
func (p MatrixLatency) Validate() error {
	var bad problems
	if p.Table == nil {
		if p.File == "" {
			bad.addf("file: missing: give the file of the matrix")
		}
		if _, ok := decimalUnits[p.Unit]; !ok {
			bad.addf("unit: %q is none of ns, us, ms, s", p.Unit)
		}
	}
	if p.Kind != "rtt" && p.Kind != "one-way" {
		bad.addf("kind: %q is neither rtt nor one-way", p.Kind)
	}
	if p.Missing != "" && p.Missing != "error" && p.Missing != "drop" {
		bad.addf("missing: %q is neither error nor drop", p.Missing)
	}
	if p.Sites != "" && p.Sites != "random" && p.Sites != "in-turn" {
		bad.addf("sites: %q is neither random nor in-turn", p.Sites)
	}
	bad.optionalLatency("min", p.Min)
	return bad.joined()
}

// Load returns p with its file read into Table.
func (p MatrixLatency) Load() (MatrixLatency, error) {
	if err := p.Validate(); err != nil {
		return p, err
	}
	table, err := LoadMatrix(p.File, p.Unit, p.Missing == "drop")
	p.Table = table
	return p, err
}

// Bytes is 2 a host, and 4 a cell if the file is loaded.
func (p MatrixLatency) Bytes(hosts uint32) int64 {
	bytes := 2 * (int64(hosts) + 1)
	if p.Table != nil {
		bytes += 4 * int64(p.Table.n) * int64(p.Table.n)
	}
	return bytes
}

func (p MatrixLatency) build(seed uint64, hosts uint32) (Latency, error) {
	if p.Table == nil {
		var err error
		if p, err = p.Load(); err != nil {
			return nil, err
		}
	}
	m := &matrix{floor: orDefault(p.Min), rows: p.Table.rows, unit: Time(time.Microsecond)}
	if p.Kind == "rtt" {
		m.unit /= 2
	}
	m.at = make([]uint16, int(hosts)+1)
	for host := uint32(1); host <= hosts && host != 0; host++ {
		if p.Sites == "in-turn" {
			m.at[host] = uint16((int64(host) - 1) % int64(p.Table.n))
		} else {
			m.at[host] = uint16(Uniform(place(seed, host).At(0), uint64(p.Table.n)))
		}
	}
	return m, nil
}

type matrix struct {
	floor Time
	unit  Time       // of a cell, one way: 1 µs, or half of it for round trips
	rows  [][]uint32 // shared
	at    []uint16   // the row of each host
}

func (m *matrix) Delay(from, to uint32, _ uint64) Time {
	if from == to {
		return m.floor
	}
	return max(Time(m.rows[m.at[from]][m.at[to]])*m.unit, m.floor)
}

func (m *matrix) Floor() Time { return m.floor }

// MeanRTT adds the two directions, which a measured matrix need not have equal.
func (m *matrix) MeanRTT(a, b uint32) Time {
	if a == b || m.Lost(a, b) || m.Lost(b, a) {
		return 0
	}
	return m.Delay(a, b, 0) + m.Delay(b, a, 0)
}

func (m *matrix) Lost(from, to uint32) bool {
	return from != to && m.rows[m.at[from]][m.at[to]] == missingCell
}
