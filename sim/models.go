package sim

import "math/bits"

// ConstantLatency: every message takes Delay.
type ConstantLatency struct {
	Delay Time // above 0, at most an hour
}

// Validate returns every problem, joined.
func (p ConstantLatency) Validate() error {
	var bad problems
	bad.latency("delay", p.Delay)
	return bad.joined()
}

// Bytes is 0: the model holds nothing per host.
func (ConstantLatency) Bytes(uint32) int64 { return 0 }

func (p ConstantLatency) build(uint64, uint32) (Latency, error) {
	return &constant{delay: p.Delay}, nil
}

type constant struct {
	reliable
	delay Time
}

func (m *constant) Delay(_, _ uint32, _ uint64) Time { return m.delay }
func (m *constant) Floor() Time                      { return m.delay }
func (m *constant) MeanRTT(a, b uint32) Time         { return unlessSame(a, b, 2*m.delay) }

// unlessSame is rtt between two hosts and 0 within one.
func unlessSame(a, b uint32, rtt Time) Time {
	if a == b {
		return 0
	}
	return rtt
}

// UniformLatency: every nanosecond from Min to Max, both included, is as likely.
type UniformLatency struct {
	Min Time // the floor; 0: none, and one shard
	Max Time // above 0, not below Min
}

// Validate returns every problem, joined.
func (p UniformLatency) Validate() error {
	var bad problems
	bad.optionalLatency("min", p.Min)
	bad.latency("max", p.Max)
	if p.Max > 0 && p.Max < p.Min {
		bad.addf("max: %v is below min: %v", p.Max, p.Min)
	}
	return bad.joined()
}

// Bytes is 0: the model holds nothing per host.
func (UniformLatency) Bytes(uint32) int64 { return 0 }

func (p UniformLatency) build(uint64, uint32) (Latency, error) {
	return &uniform{min: p.Min, span: uint64(p.Max-p.Min) + 1}, nil
}

type uniform struct {
	reliable
	min  Time
	span uint64 // the number of values
}

func (m *uniform) Delay(from, to uint32, draw uint64) Time {
	if from == to {
		return max(m.min, 1)
	}
	hi, _ := bits.Mul64(draw, m.span)
	return max(m.min+Time(hi), 1)
}

func (m *uniform) Floor() Time { return m.min }

func (m *uniform) MeanRTT(a, b uint32) Time { return unlessSame(a, b, 2*m.min+Time(m.span)-1) }

// ExponentialLatency: Min plus an exponential time of mean Mean − Min, so that the
// mean is Mean exactly. [ToN03] §VI has a mean of 50 ms.
type ExponentialLatency struct {
	Mean Time // above 0, not below Min
	Min  Time // the floor; 0: none, and one shard
}

// Validate returns every problem, joined.
func (p ExponentialLatency) Validate() error {
	var bad problems
	bad.latency("mean", p.Mean)
	bad.optionalLatency("min", p.Min)
	if p.Mean > 0 && p.Mean < p.Min {
		bad.addf("mean: %v is below min: %v", p.Mean, p.Min)
	}
	return bad.joined()
}

// Bytes is 0: the model holds nothing per host.
func (ExponentialLatency) Bytes(uint32) int64 { return 0 }

func (p ExponentialLatency) build(uint64, uint32) (Latency, error) {
	return &exponential{min: p.Min, mean: p.Mean, tail: float64(p.Mean - p.Min)}, nil
}

type exponential struct {
	reliable
	min, mean Time
	tail      float64 // mean − min
}

func (m *exponential) Delay(from, to uint32, draw uint64) Time {
	if from == to {
		return max(m.min, 1)
	}
	return max(m.min+roundTime(-m.tail*Log(positive(draw)), maxDelay), 1)
}

func (m *exponential) Floor() Time { return m.min }

func (m *exponential) MeanRTT(a, b uint32) Time { return unlessSame(a, b, 2*m.mean) }

// LognormalLatency: the logarithm is normal with standard deviation Sigma around
// that of Median; what is below Min becomes Min.
type LognormalLatency struct {
	Median Time    // above 0, not below Min
	Sigma  float64 // above 0, at most 3
	Min    Time    // the floor; 0: none, and one shard
}

const maxLatencySigma = 3

// Validate returns every problem, joined.
func (p LognormalLatency) Validate() error {
	var bad problems
	bad.latency("median", p.Median)
	if !(p.Sigma > 0 && p.Sigma <= maxLatencySigma) {
		bad.addf("sigma: %v is outside of (0, %v]", p.Sigma, maxLatencySigma)
	}
	bad.optionalLatency("min", p.Min)
	if p.Median > 0 && p.Median < p.Min {
		bad.addf("median: %v is below min: %v", p.Median, p.Min)
	}
	return bad.joined()
}

// Bytes is 0: the model holds nothing per host.
func (LognormalLatency) Bytes(uint32) int64 { return 0 }

func (p LognormalLatency) build(uint64, uint32) (Latency, error) {
	m := &lognormal{min: p.Min, median: float64(p.Median), sigma: p.Sigma}
	// E max(c, X) = c Φ(z) + E X · Φ(σ − z), where X is c at z deviations.
	mean := float64(m.median * Exp(p.Sigma*p.Sigma/2))
	if p.Min > 0 {
		z := Log(float64(p.Min)/m.median) / p.Sigma
		mean = float64(float64(p.Min)*NormalCDF(z)) + float64(mean*NormalCDF(p.Sigma-z))
	}
	m.rtt = roundTime(2*mean, 2*maxDelay)
	return m, nil
}

type lognormal struct {
	reliable
	min, rtt      Time
	median, sigma float64
}

func (m *lognormal) Delay(from, to uint32, draw uint64) Time {
	if from == to {
		return max(m.min, 1)
	}
	return max(roundTime(m.median*Exp(m.sigma*NormalQuantile(centred(draw))), maxDelay), m.min, 1)
}

func (m *lognormal) Floor() Time { return m.min }

func (m *lognormal) MeanRTT(a, b uint32) Time { return unlessSame(a, b, m.rtt) }
