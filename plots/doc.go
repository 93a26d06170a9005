// Package plots draws the charts of a run: plain series in, SVG or PNG out.
// It knows nothing of rings, scenarios or results; whoever calls it names the
// axes and the series. Drawing itself is done by gonum.org/v1/plot; what is
// added here is what that library leaves to its users: round ticks with time
// units and SI prefixes, a legend that never covers data, labelled events, and
// a palette that survives colour blindness and a grey printer.
//
// # Use
//
// Each kind of chart is a struct of plain slices with a method Chart, which
// checks the data and returns a *Chart; Chart.Render writes it, Chart.Save
// puts it into a file, whole or not at all:
//
//	chart, err := plots.RingHealth{Seconds: t, Successors: s, Fingers: f}.Chart()
//	err = chart.Render(w, plots.SVG, plots.Size{})
//
// A Chart can also be put together by hand from Axis, Panel and Series.
//
// # Promises
//
//   - Times are seconds of virtual time, shares are percent (0 to 100), counts
//     are counts. Units are chosen for the axis: µs to d, k, M, G.
//   - NaN, infinities and numbers beyond 1e100 are skipped: a line has a gap
//     there. On a logarithmic axis so is everything that is not positive, but for
//     the zero of a point with a marker of its own: an open triangle on the lower
//     edge stands for it. A chart without one number left is an error, as are
//     slices of unequal lengths.
//   - The same chart gives the same bytes: no clock, no random names, no map
//     order. (Coordinates are floating point: between processor architectures
//     the last of their five printed digits may differ, the picture does not.)
//   - Cost is bounded: a line is drawn with at most 2,000 points, a chart with
//     about 60,000. A longer line keeps, for each narrow column, its first,
//     lowest, highest and last point, so that no spike is lost. Of more than 250
//     whiskers every n-th is drawn; more than 2,000 bars are an error.
//
// # Order of reading
//
// chart.go (the types), validate.go, then one file a kind: ring_health.go,
// path_length.go, path_nodes.go, load_histogram.go, load_percentiles.go,
// lorenz.go, outcomes.go, latency.go, traffic.go, share.go, loss.go, with
// distribution.go, histogram.go and spread.go for what they have in common. How a chart reaches
// the canvas: render.go → layout.go → panel.go → scale.go (ticks.go, format.go)
// → marks.go (palette.go, decimate.go) → events.go, legend.go, text.go.
package plots
