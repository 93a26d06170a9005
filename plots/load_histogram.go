package plots

import (
	"strings"
	"unicode/utf8"
)

// LoadHistogram draws how many nodes hold how much: the share of nodes by number
// of keys, bytes or requests, in bins of a round width ([SIGCOMM01] figure 8b). A
// line marks the mean if there is one group. Where a few nodes have more than ten
// times what 99 % have at most, as with one popular key, those with more than twice
// that are left out, and the note says so.
type LoadHistogram struct {
	Head                  // the default title is What, such as "Bytes a node"
	What   string         // label of the x axis: "keys a node" if empty, "bytes a node", "requests a node"
	Groups []Distribution // loads of nodes, whole numbers
}

// mostBins is how many bins of loads there may be.
const mostBins = 60

// Chart returns the chart, or what is wrong with its data.
func (l LoadHistogram) Chart() (*Chart, error) {
	what := l.What
	if what == "" {
		what = "keys a node"
	}
	head := l.Head.or(Head{Name: NameLoadHistogram, Title: capital(what)})
	return histogramChart(head, l.Groups, mostBins, Axis{Label: what, Integer: true}, "share of nodes", true)
}

// capital returns a text with its first letter in upper case.
func capital(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}
