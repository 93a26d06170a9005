package plots

import (
	"fmt"
	"sort"
)

// Traffic draws what a node sends over time by kind of message, stacked; or as
// lines, to compare kinds of very different size.
type Traffic struct {
	Head
	Seconds []float64 // end of each sampling interval, ascending
	Kinds   []Kind
	Bytes   bool // the rates are bytes, not messages, a node a second
	Lines   bool
	Events  []Event // X in seconds
}

// Kind is one kind of message.
type Kind struct {
	Label string
	Rate  []float64 // a node a second, in each interval
}

// mostLayers is how many kinds are stacked; colours would repeat beyond.
const mostLayers = 8

// Chart returns the chart, or what is wrong with its data. Of more than eight
// kinds to be stacked the smallest are added up as "other".
func (t Traffic) Chart() (*Chart, error) {
	name, y := "Messages", Axis{Label: "messages a node", Unit: "1/s", Zero: true}
	if t.Bytes {
		name, y = "Bytes", Axis{Label: "traffic a node", Unit: "B/s", Zero: true}
	}
	c := &Chart{
		Head:   t.Head.or(Head{Name: NameTraffic, Title: name + " sent by kind over time"}),
		X:      virtualTime(),
		Panels: []Panel{{Y: y}},
		Events: t.Events,
	}
	kinds, mark := t.Kinds, Line
	if !t.Lines {
		kinds, mark = largest(t.Kinds), Area
	}
	for _, k := range kinds {
		c.Panels[0].Series = append(c.Panels[0].Series, Series{Label: k.Label, Mark: mark, X: t.Seconds, Y: k.Rate})
	}
	return finished(c)
}

// largest returns at most mostLayers kinds, the largest at the bottom of the
// stack, the rest added up on top.
func largest(kinds []Kind) []Kind {
	type sized struct {
		Kind
		sum float64
	}
	all := make([]sized, len(kinds))
	for i, k := range kinds {
		all[i].Kind = k
		for _, v := range k.Rate {
			if drawable(v, 0) {
				all[i].sum += v
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].sum > all[j].sum })
	var kept []Kind
	for i, s := range all {
		if i < mostLayers-1 || len(all) <= mostLayers {
			kept = append(kept, s.Kind)
			continue
		}
		if len(kept) < mostLayers {
			kept = append(kept, Kind{
				Label: fmt.Sprintf("other (%d kinds)", len(all)-i),
				Rate:  append([]float64(nil), s.Rate...),
			})
			continue
		}
		other := kept[mostLayers-1].Rate
		if len(other) != len(s.Rate) { // kept as it is, for Validate to report
			kept = append(kept, s.Kind)
			continue
		}
		for k, v := range s.Rate {
			if !drawable(v, 0) {
				continue
			}
			if !drawable(other[k], 0) {
				other[k] = 0
			}
			other[k] += v
		}
	}
	return kept
}
