package sim

import "testing"

// A message in, a message out, a list in one of eight, a timer in one of sixteen.
func BenchmarkEngineGossip(b *testing.B) {
	for _, size := range []struct {
		name           string
		actors, shards int
	}{{"1k", 1000, 1}, {"100k", 100_000, 1}, {"100k-8shards", 100_000, 8}} {
		b.Run(size.name, func(b *testing.B) {
			e := newTown(Config{Actors: size.actors, Shards: size.shards, Window: latency})
			e.Run(20 * latency)
			events := func() int { return int(e.Stats().Events) }
			before := events()
			b.ReportAllocs()
			b.ResetTimer()
			for now := e.Now(); events()-before < b.N; {
				now += latency
				e.Run(now)
			}
			b.ReportMetric(float64(events()-before)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func BenchmarkMix(b *testing.B) {
	h := uint64(0)
	for i := range b.N {
		h = Mix(h, uint64(i))
	}
	if h == 1 {
		b.Log(h) // keeps the loop
	}
}

func BenchmarkStreamAt(b *testing.B) {
	s, h := NewStream(1, 2, 3), uint64(0)
	for i := range b.N {
		h ^= s.At(uint64(i))
	}
	if h == 1 {
		b.Log(h)
	}
}
