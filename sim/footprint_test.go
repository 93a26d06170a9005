package sim

import (
	"runtime"
	"testing"
)

// crowd answers every message with one as long in its list, so that what is pending
// stays what was injected.
type crowd struct{ actors uint64 }

func (*crowd) Touch(Addr) {}
func (g *crowd) Message(sh *Shard[word, peer], h Header, m *word, list []peer) {
	draw := scramble(uint64(h.At) ^ key(h.From, h.Seq))
	h = Header{At: h.At + latency + Time(draw%uint64(latency)), From: h.To, To: Addr(1 + Uniform(draw, g.actors)), Seq: sh.Next(h.To)}
	sh.Send(h, m, list)
}
func (*crowd) Timer(*Shard[word, peer], Header, uint64) {}

func TestFootprintIsNearTheMeasured(t *testing.T) {
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	for _, c := range []Config{{Shards: 1}, {Shards: 8}, {Shards: 8, Workers: 2}} {
		c.Actors, c.Window = 60_000, latency
		var load Load
		list := make([]peer, MaxList)
		before := heap()
		e := New(c, func(int) Handler[word, peer] { return &crowd{actors: uint64(c.Actors)} })
		for a := range Addr(c.Actors) {
			n := int(a) % 5 % 4 * 7 // 0, 7, 14, 21, and 0 again
			e.Inject(Header{At: Time(a) * 1000, To: a + 1, Seq: e.Shard(0).Next(0)}, &word{}, list[:n])
			e.Shard(a).SetTimer(a, latency*100+Time(a)*100_000, e.Shard(a).Next(a), 0)
			load.ListElements += int64(n)
			load.Messages++
			load.Timers++
		}
		e.Run(20 * latency)
		measured, estimated := heap()-before, Footprint[word, peer](c, load)
		runtime.KeepAlive(e)
		if estimated < measured*3/4 || estimated > measured*4/3 {
			t.Errorf("%+v: estimated %d bytes, measured %d", c, estimated, measured)
		}
	}
}
