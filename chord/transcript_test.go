package chord

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// TestTranscripts plays the scripts of testdata/transcripts, each a miniature
// network from a line "ring" on. Every line is one thing that happens; what
// comes of it stands below. With -rewrite the outputs are written anew.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/transcripts", func(t *testing.T, path string) {
		var m *miniature
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var text strings.Builder
			first := d.Cmd
			for _, a := range d.CmdArgs {
				first += " " + a.String()
			}
			for _, line := range strings.Split(strings.TrimSpace(first+"\n"+d.Input), "\n") {
				words := strings.Fields(line)
				if d.Input != "" {
					fmt.Fprintf(&text, "> %s\n", line)
				}
				var err error
				if words[0] == "ring" {
					m, err = newRing(words[1:])
				} else {
					err = m.play(words[0], words[1:])
				}
				if err != nil {
					d.Fatalf(t, "%s: %v", line, err)
				}
				text.WriteString(m.text.String())
				m.text.Reset()
			}
			return text.String()
		})
	})
}
