package sim

import (
	"math/bits"
	"time"
)

// Distribution draws times: how long a node stays, how long it is away, when the
// next one comes. It is a plain value, made by NewDistribution; the zero value
// draws 1 ns for ever.
type Distribution struct {
	kind distKind
	a, b float64 // see draw
	low  Time    // uniform: the least value
	span uint64  // uniform: the number of values
	mean Time
}

type distKind uint8

const (
	distUniform   distKind = iota // low to low + span − 1
	distExp                       // a · E, where E is exponential with mean 1
	distPower                     // a · E^b: Weibull
	distPareto                    // a · e^(b E)
	distLognormal                 // a · e^(b Z), where Z is normal
)

const (
	// MaxPeriod bounds every parameter that is a time between events.
	MaxPeriod = Time(10 * 365 * 24 * time.Hour)
	// MaxDraw is the longest time a distribution draws, 18 years: an unbounded one
	// is cut there, so that a few of them still add up to a Time.
	MaxDraw = Time(1 << 59)
)

// Draw turns one uniform word into a time of 1 ns to MaxDraw, the same on every
// architecture.
func (d Distribution) Draw(word uint64) Time {
	switch d.kind {
	case distExp:
		return d.cut(float64(d.a * -Log(positive(word))))
	case distPower:
		return d.cut(float64(d.a * Pow(-Log(positive(word)), d.b)))
	case distPareto:
		return d.cut(float64(d.a * Exp(-Log(positive(word))*d.b)))
	case distLognormal:
		return d.cut(float64(d.a * Exp(d.b*NormalQuantile(centred(word)))))
	}
	n, _ := bits.Mul64(word, d.span)
	return max(d.low+Time(n), 1)
}

func (Distribution) cut(x float64) Time { return max(roundTime(x, MaxDraw), 1) }

// Mean is the expected time, without regard to the cut at MaxDraw; MaxDraw if it
// is above that or infinite, as a Pareto distribution's of a shape up to 1.
func (d Distribution) Mean() Time { return d.mean }

// DistributionParams are the parameters of one kind: ExponentialDist,
// ParetoDist, WeibullDist, LognormalDist, UniformDist, ConstantDist or
// JitteredDist. Their field names in snake case are those of a scenario.
type DistributionParams interface {
	// Validate returns every problem, joined, one line each, each beginning with
	// the name of the parameter as a scenario spells it; nil where there is none.
	Validate() error
	// distribution expects valid parameters.
	distribution() Distribution
}

// NewDistribution returns the distribution with these parameters, or the error of
// their Validate.
func NewDistribution(p DistributionParams) (Distribution, error) {
	if err := p.Validate(); err != nil {
		return Distribution{}, err
	}
	return p.distribution(), nil
}

// period checks that a required time is there and in range.
func (p *problems) period(name string, t Time) {
	switch {
	case t == 0:
		p.addf("%s: missing: give a time above 0", name)
	case t < 0:
		p.addf("%s: %v is negative", name, t)
	case t > MaxPeriod:
		p.addf("%s: %v is above the limit of %v", name, t, MaxPeriod)
	}
}

// either checks that one of two times is given, and that one is in range.
func (p *problems) either(name string, t Time, other string, o Time) {
	switch {
	case t != 0 && o != 0:
		p.addf("%s: given beside %s: give one of them", name, other)
	case o != 0:
		p.period(other, o)
	case t != 0:
		p.period(name, t)
	default:
		p.addf("%s: missing: give it or %s", name, other)
	}
}

// within checks a number; a NaN is outside.
func (p *problems) within(name string, x, least, most float64) {
	if !(x >= least && x <= most) {
		p.addf("%s: %v is outside of %v to %v", name, x, least, most)
	}
}

// ExponentialDist: memoryless times; the gaps of a Poisson process.
type ExponentialDist struct {
	Mean Time // above 0
}

// Validate returns every problem, joined.
func (p ExponentialDist) Validate() error {
	var bad problems
	bad.period("mean", p.Mean)
	return bad.joined()
}

func (p ExponentialDist) distribution() Distribution {
	return Distribution{kind: distExp, a: float64(p.Mean), mean: p.Mean}
}

// ParetoDist: P(T > t) = (Min/t)^Shape for t ≥ Min. One of Mean and Min is given;
// Mean needs a shape above 1, up to which it is infinite.
type ParetoDist struct {
	Shape     float64 // 0.05 to 100
	Mean, Min Time
}

// Validate returns every problem, joined.
func (p ParetoDist) Validate() error {
	var bad problems
	bad.within("shape", p.Shape, 0.05, 100)
	bad.either("mean", p.Mean, "min", p.Min)
	if p.Mean != 0 && p.Shape <= 1 {
		bad.addf("mean: infinite for shape %v: give min, or a shape above 1", p.Shape)
	}
	return bad.joined()
}

func (p ParetoDist) distribution() Distribution {
	d := Distribution{kind: distPareto, b: 1 / p.Shape, a: float64(p.Min), mean: p.Mean}
	switch {
	case p.Mean != 0:
		d.a = float64(p.Mean) * ((p.Shape - 1) / p.Shape)
	case p.Shape > 1:
		d.mean = roundTime(d.a*(p.Shape/(p.Shape-1)), MaxDraw)
	default:
		d.mean = MaxDraw
	}
	return d
}

// WeibullDist: P(T > t) = exp(−(t/Scale)^Shape). One of Mean and Scale is given;
// Mean = Scale · Γ(1 + 1/Shape). A shape below 1 has many short and a few very
// long times, as sessions measured in peer-to-peer networks have.
type WeibullDist struct {
	Shape       float64 // 0.1 to 100
	Mean, Scale Time
}

// Validate returns every problem, joined.
func (p WeibullDist) Validate() error {
	var bad problems
	bad.within("shape", p.Shape, 0.1, 100)
	bad.either("mean", p.Mean, "scale", p.Scale)
	return bad.joined()
}

func (p WeibullDist) distribution() Distribution {
	d := Distribution{kind: distPower, b: 1 / p.Shape, a: float64(p.Scale), mean: p.Mean}
	meanOverScale := Exp(LogGamma(1 + d.b))
	if p.Mean != 0 {
		d.a = float64(p.Mean) / meanOverScale
	} else {
		d.mean = roundTime(d.a*meanOverScale, MaxDraw)
	}
	return d
}

// LognormalDist: the logarithm is normal with standard deviation Sigma around that
// of Median.
type LognormalDist struct {
	Median Time    // above 0
	Sigma  float64 // 0.001 to 10
}

// Validate returns every problem, joined.
func (p LognormalDist) Validate() error {
	var bad problems
	bad.period("median", p.Median)
	bad.within("sigma", p.Sigma, 0.001, 10)
	return bad.joined()
}

func (p LognormalDist) distribution() Distribution {
	d := Distribution{kind: distLognormal, a: float64(p.Median), b: p.Sigma}
	d.mean = roundTime(d.a*Exp(p.Sigma*p.Sigma/2), MaxDraw)
	return d
}

// UniformDist: every nanosecond from Min to Max, both included, is as likely.
type UniformDist struct {
	Min Time // not negative; a draw of 0 becomes 1 ns
	Max Time // above 0, not below Min
}

// Validate returns every problem, joined.
func (p UniformDist) Validate() error {
	var bad problems
	if p.Min != 0 {
		bad.period("min", p.Min)
	}
	bad.period("max", p.Max)
	if p.Max > 0 && p.Max < p.Min {
		bad.addf("max: %v is below min: %v", p.Max, p.Min)
	}
	return bad.joined()
}

func (p UniformDist) distribution() Distribution {
	return Distribution{low: p.Min, span: uint64(p.Max-p.Min) + 1, mean: p.Min + (p.Max-p.Min+1)/2}
}

// ConstantDist: always Value.
type ConstantDist struct {
	Value Time // above 0
}

// Validate returns every problem, joined.
func (p ConstantDist) Validate() error {
	var bad problems
	bad.period("value", p.Value)
	return bad.joined()
}

func (p ConstantDist) distribution() Distribution {
	return UniformDist{Min: p.Value, Max: p.Value}.distribution()
}

// JitteredDist: uniform from Every·(1−Jitter) to Every·(1+Jitter), the interval of
// a timer: the 15 s to 45 s of [SIGCOMM01] are 30 s with 0.5.
type JitteredDist struct {
	Every  Time    // above 0
	Jitter float64 // 0 to 1
}

// Validate returns every problem, joined.
func (p JitteredDist) Validate() error {
	var bad problems
	bad.period("every", p.Every)
	bad.within("jitter", p.Jitter, 0, 1)
	return bad.joined()
}

func (p JitteredDist) distribution() Distribution {
	half := roundTime(float64(p.Every)*p.Jitter, p.Every)
	return UniformDist{Min: p.Every - half, Max: p.Every + half}.distribution()
}
