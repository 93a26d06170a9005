package sim

import (
	"errors"
	"fmt"
	"time"
)

// Latency is a model of the network: how long a message takes from one host to
// another. Hosts are numbered from 1; several nodes may share one. A model is
// built once by NewLatency and then only read, by any number of goroutines.
//
// Time is computed in integers, or by the functions of exact.go, so that a delay
// is the same number of nanoseconds on every architecture.
type Latency interface {
	// Delay is the one-way time of one message: at least 1 ns, because a message
	// that arrives at the instant of its sending could precede its cause in the
	// order of events, at least Floor, and never above a year. draw is one uniform
	// word for this message; a model of fixed distances ignores it. Within one
	// host it is Floor, or 1 ns where there is none.
	Delay(from, to uint32, draw uint64) Time
	// MeanRTT is the mean time from a to b and back, the same in both directions:
	// what a lookup's latency is divided by for its stretch. It is 0, undefined,
	// within one host and between hosts that cannot reach each other both ways.
	MeanRTT(a, b uint32) Time
	// Floor is the least possible delay, the length of the engine's window; 0 says
	// that there is none, and that the run has to be one shard.
	Floor() Time
	// Lost says that no message ever gets from one host to the other: a missing
	// cell of a matrix under `missing: drop`. No other model loses any.
	Lost(from, to uint32) bool
}

// LatencyParams are the parameters of one model: ConstantLatency,
// UniformLatency, ExponentialLatency, LognormalLatency, EuclideanLatency,
// TransitStubLatency or MatrixLatency. Their field names in snake case are those
// of a scenario.
type LatencyParams interface {
	// Validate returns every problem, joined, one line each, each beginning with
	// the name of the parameter as a scenario spells it; nil where there is none.
	Validate() error
	// Bytes is the memory that the model will take for so many hosts.
	Bytes(hosts uint32) int64
	// build expects valid parameters.
	build(seed uint64, hosts uint32) (Latency, error)
}

// NewLatency builds a model for the hosts 1..hosts. Where hosts lie is a function
// of (seed, host) alone: more of them move none of the others. The error is that
// of Validate or, for a matrix that was not loaded before, of reading it.
func NewLatency(p LatencyParams, seed uint64, hosts uint32) (Latency, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return p.build(seed, hosts)
}

const (
	// DefaultFloor is the `min` of the euclidean, transit-stub and matrix models
	// where none is given. Their least distance is 0 between hosts at one place,
	// and the engine needs a window.
	DefaultFloor = Time(100 * time.Microsecond)
	// MaxLatency bounds every parameter that is a latency: above it the unit is
	// wrong.
	MaxLatency = Time(time.Hour)
	// maxDelay bounds what an unbounded distribution may draw.
	maxDelay = Time(365 * 24 * time.Hour)
)

// The purposes of the streams that models draw from: the bytes of their names,
// out of the way of the small numbers of other packages.
const (
	purposePlace    = 0x706c616365     // "place", with the host as actor
	purposeTopology = 0x746f706f6c6f67 // "topolog", with the domain as actor
)

// place is the stream from which host draws its place.
func place(seed uint64, host uint32) Stream { return NewStream(seed, uint64(host), purposePlace) }

// reliable is embedded by models that lose no message.
type reliable struct{}

// Lost is false.
func (reliable) Lost(_, _ uint32) bool { return false }

// positive is a draw from (0, 1], a multiple of 2⁻⁵³: its logarithm is finite.
func positive(draw uint64) float64 { return float64(int64(draw>>11)+1) * 0x1p-53 }

// centred is a draw from (0, 1), an odd multiple of 2⁻⁵³, as often at p as at
// 1 − p: its normal quantile is finite, and the quantiles are symmetric.
func centred(draw uint64) float64 { return float64(int64(draw>>12)*2+1) * 0x1p-53 }

// roundTime rounds x ≥ 0 nanoseconds to the nearest, at most limit. The
// comparison comes first: converting what does not fit gives different integers
// on different architectures. The conversion of x keeps a product of the caller's
// from being fused with the sum.
func roundTime(x float64, limit Time) Time {
	if x >= float64(limit) {
		return limit
	}
	return Time(float64(x) + 0.5)
}

// problems collects what is wrong with parameters.
type problems []error

func (p *problems) addf(format string, args ...any) { *p = append(*p, fmt.Errorf(format, args...)) }

func (p problems) joined() error { return errors.Join(p...) }

// latency checks that a required latency is there and in range.
func (p *problems) latency(name string, t Time) {
	if t == 0 {
		p.addf("%s: missing: give a latency above 0", name)
		return
	}
	p.optionalLatency(name, t)
}

// optionalLatency checks one for which 0 has a meaning.
func (p *problems) optionalLatency(name string, t Time) {
	switch {
	case t < 0:
		p.addf("%s: %v is negative", name, t)
	case t > MaxLatency:
		p.addf("%s: %v is above the limit of %v: check the unit", name, t, MaxLatency)
	}
}
