package explore

import (
	"fmt"
	"io"
	"strings"

	"chordsim/chord"
)

// A sequence diagram: a lifeline for each identifier, an arrow for each message
// that arrives, a note for what happens to one node alone.

// drawn is one line of a diagram. Without an arrow from is to.
type drawn struct {
	from, to int
	text     string
	answer   bool // an answer, drawn dashed
	lost     bool // it reaches nobody
}

// lines are the lines of a violation's events.
func (m *Model) lines(v *Violation) (all []drawn) {
	var there [MaxIDs]bool
	for _, i := range v.Start {
		there[i] = true
	}
	arrow := func(from, to int, text string) { all = append(all, drawn{from: from, to: to, text: text}) }
	answer := func(from, to int, text string) {
		all = append(all, drawn{from: from, to: to, text: text, answer: true})
	}
	note := func(at int, text string) { all = append(all, drawn{from: at, to: at, text: text}) }
	for _, e := range v.Events {
		n, p := int(e.Node), int(e.Peer)
		about := chord.PurposeName(int(e.Purpose))
		switch e.Kind {
		case Join:
			arrow(n, p, "join")
			if m.Grain == Atomic {
				answer(p, n, "list")
				there[n] = true
			}
		case Placed:
			answer(p, n, "list")
			there[n] = true
		case Query, Ask:
			if !there[p] {
				all = append(all, drawn{from: n, to: p, text: about + "?", lost: true})
				break
			}
			arrow(n, p, about+"?")
			if e.Kind == Query {
				answer(p, n, about)
			}
		case Answer:
			answer(p, n, about)
		case Notify, NotifyOne:
			arrow(p, n, "notify")
		case Told:
			arrow(p, n, "new_successor")
		case Lose:
			all = append(all, drawn{from: p, to: n, text: "notify", lost: true})
		case Report:
			note(n, fmt.Sprintf("%d is not there", p))
		case Timeout:
			note(n, fmt.Sprintf("gives up %d", p))
		case Crash:
			note(n, "crashes")
			there[n] = false
		default:
			note(n, kindWords[e.Kind])
		}
	}
	end := fmt.Sprintf("%s: %v violated", v.Word, v.Violated)
	if v.Stuck {
		end = "fair rounds never reach the ideal ring"
	}
	return append(all, drawn{from: 0, to: m.IDs - 1, text: end, answer: true})
}

// WriteMermaid writes the sequence diagram of a violation as Mermaid text.
func WriteMermaid(w io.Writer, m *Model, v *Violation) error {
	var b strings.Builder
	b.WriteString("sequenceDiagram\n")
	for i := range m.IDs {
		fmt.Fprintf(&b, "    participant n%d as %d\n", i, i)
	}
	all := m.lines(v)
	for i, l := range all {
		switch {
		case i == len(all)-1 && l.from == l.to:
			fmt.Fprintf(&b, "    Note over n%d: %s\n", l.from, l.text)
		case i == len(all)-1:
			fmt.Fprintf(&b, "    Note over n%d,n%d: %s\n", l.from, l.to, l.text)
		case l.from == l.to:
			fmt.Fprintf(&b, "    Note over n%d: %s\n", l.from, l.text)
		case l.lost:
			fmt.Fprintf(&b, "    n%d-xn%d: %s\n", l.from, l.to, l.text)
		case l.answer:
			fmt.Fprintf(&b, "    n%d-->>n%d: %s\n", l.from, l.to, l.text)
		default:
			fmt.Fprintf(&b, "    n%d->>n%d: %s\n", l.from, l.to, l.text)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Measures of the picture, in pixels.
const (
	columnWidth = 130
	lineHeight  = 30
	headHeight  = 50
)

// WriteSVG draws the sequence diagram of a violation.
func WriteSVG(w io.Writer, m *Model, v *Violation) error {
	all := m.lines(v)
	width := max(columnWidth*m.IDs, 480)
	height := headHeight + lineHeight*len(all) + 30
	at := func(i int) int { return columnWidth/2 + columnWidth*i }
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`, width, height, width, height)
	say(`<rect width="%d" height="%d" fill="white"/>`, width, height)
	for i := range m.IDs {
		say(`<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#bbbbbb"/>`, at(i), 32, at(i), height-40)
		say(`<rect x="%d" y="8" width="40" height="24" fill="#eef3f8" stroke="#4a6a8a"/>`, at(i)-20)
		say(`<text x="%d" y="25" text-anchor="middle" font-weight="bold">%d</text>`, at(i), i)
	}
	for k, l := range all[:len(all)-1] {
		y := headHeight + lineHeight*k + lineHeight/2
		if l.from == l.to {
			fill := "#f6f6f6"
			if l.text == "crashes" {
				fill = "#f8dddd"
			}
			wide := 7*len(l.text) + 12
			say(`<rect x="%d" y="%d" width="%d" height="20" fill="%s" stroke="#999999"/>`, at(l.from)-wide/2, y-10, wide, fill)
			say(`<text x="%d" y="%d" text-anchor="middle">%s</text>`, at(l.from), y+4, l.text)
			continue
		}
		dash, step := "", 1
		if l.answer {
			dash = ` stroke-dasharray="5 3"`
		}
		if l.to < l.from {
			step = -1
		}
		x1, x2 := at(l.from)+2*step, at(l.to)-2*step
		if l.lost {
			x2 -= 10 * step
		}
		say(`<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#222222"%s/>`, x1, y, x2, y, dash)
		if l.lost {
			say(`<path d="M%d %dl8 8m0 -8l-8 8" stroke="#b02020" stroke-width="2" fill="none"/>`, x2-4, y-4)
		} else {
			say(`<path d="M%d %dl%d -4v8z" fill="#222222"/>`, x2, y, -8*step)
		}
		middle := (x1 + x2) / 2
		if l.to-l.from == 2*step { // not on the lifeline between
			middle = at(l.from) + step*columnWidth/2
		}
		wide := 7 * len(l.text)
		say(`<rect x="%d" y="%d" width="%d" height="13" fill="white" fill-opacity="0.85"/>`, middle-wide/2, y-16, wide)
		say(`<text x="%d" y="%d" text-anchor="middle">%s</text>`, middle, y-5, l.text)
	}
	say(`<text x="%d" y="%d" text-anchor="middle" font-weight="bold" fill="#b02020">%s</text>`, width/2, height-14, all[len(all)-1].text)
	say(`</svg>`)
	_, err := io.WriteString(w, b.String())
	return err
}
