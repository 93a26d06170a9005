package sim

import "math"

// hops are the distances between all routers of a domain, in links.
type hops struct {
	n     int
	links []uint16 // from a to b at a·n + b
}

func (h *hops) between(a, b int) uint16 { return h.links[a*h.n+b] }

// randomGraph returns the neighbours of each of n routers, linked at random such
// that all are connected and that one has degree links on average, or as many as
// a tree or a complete graph allows. First each is linked to one of those before
// it, every one as likely; then pairs that are left are, every one as likely.
func randomGraph(n int, degree float64, r *Rand) [][]int {
	neighbours := make([][]int, n)
	link := func(a, b int) {
		neighbours[a] = append(neighbours[a], b)
		neighbours[b] = append(neighbours[b], a)
	}
	linked := make([]bool, n*n)
	for b := 1; b < n; b++ {
		a := int(r.Intn(uint64(b)))
		link(a, b)
		linked[a*n+b] = true
	}
	var left [][2]int
	for b := range n {
		for a := range b {
			if !linked[a*n+b] {
				left = append(left, [2]int{a, b})
			}
		}
	}
	wanted := int(math.Floor(float64(float64(n)*degree/2)+0.5)) - (n - 1)
	wanted = min(max(wanted, 0), len(left))
	for _, i := range r.Sample(uint64(wanted), uint64(len(left))) {
		link(left[i][0], left[i][1])
	}
	return neighbours
}

// allHops counts the links between all pairs by a breadth-first walk from each.
// The graph is connected.
func allHops(neighbours [][]int) hops {
	n := len(neighbours)
	h := hops{n: n, links: make([]uint16, n*n)}
	queue := make([]int, 0, n)
	for from := range n {
		row := h.links[from*n : (from+1)*n]
		queue = append(queue[:0], from)
		for at := 0; at < len(queue); at++ {
			for _, next := range neighbours[queue[at]] {
				if next != from && row[next] == 0 {
					row[next] = row[queue[at]] + 1
					queue = append(queue, next)
				}
			}
		}
		if len(queue) != n {
			fail("a domain of %d routers of which %d are connected", n, len(queue))
		}
	}
	return h
}

// weighted is a link to a router with its latency.
type weighted struct {
	to      int
	latency Time
}

// allTimes returns the least latency between all pairs, from a to b at a·n + b:
// Dijkstra's algorithm from each, with the plain search for the nearest, which is
// as good as a heap for the few hundred transit nodes there are.
func allTimes(links [][]weighted) []Time {
	n := len(links)
	times := make([]Time, n*n)
	done := make([]bool, n)
	for from := range n {
		row := times[from*n : (from+1)*n]
		for i := range row {
			row[i] = Forever
		}
		clear(done)
		row[from] = 0
		for range n {
			nearest := -1
			for i := range n {
				if !done[i] && (nearest < 0 || row[i] < row[nearest]) {
					nearest = i
				}
			}
			if row[nearest] == Forever {
				fail("transit node %d cannot be reached from %d", nearest, from)
			}
			done[nearest] = true
			for _, l := range links[nearest] {
				row[l.to] = min(row[l.to], row[nearest]+l.latency)
			}
		}
	}
	return times
}
