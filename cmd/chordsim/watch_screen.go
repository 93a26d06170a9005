package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"chordsim/scenarios"

	tea "charm.land/bubbletea/v2"
)

// mostScrolled is how many nodes a ring may have and be scrolled through. Of a
// larger one as many are shown as the window holds, evenly spread.
const mostScrolled = 1000

// screen is the table of a watched run in a window, and its keys. Below the
// table stand the summary and what the keys do.
type screen struct {
	pacer *pacer
	stop  func()
	keys  bool // there are keys to press

	width, height int // of the window
	top           int // index of the first row shown
	seen          scenarios.Watched
	any           bool // something was seen
}

func (s *screen) Init() tea.Cmd { return nil }

func (s *screen) Update(m tea.Msg) (tea.Model, tea.Cmd) {
	switch m := m.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = m.Width, m.Height
	case scenarios.Watched:
		s.seen, s.any = m, true
	case tea.KeyPressMsg:
		return s, s.press(m.String())
	}
	return s, nil
}

func (s *screen) View() tea.View {
	v := tea.NewView(strings.Join(s.lines(), "\n"))
	v.AltScreen = true
	return v
}

// press does what a key says.
func (s *screen) press(key string) tea.Cmd {
	switch key {
	case "q", "ctrl+c":
		s.stop()
		return tea.Quit
	case "space":
		s.pacer.toggle()
	case "+", "=": // one key on many keyboards
		s.pacer.faster()
	case "-":
		s.pacer.slower()
	case "up":
		s.scroll(-1)
	case "down":
		s.scroll(1)
	case "pgup":
		s.scroll(-s.room())
	case "pgdown":
		s.scroll(s.room())
	case "home":
		s.scroll(-len(s.seen.Rows))
	case "end":
		s.scroll(len(s.seen.Rows))
	}
	return nil
}

func (s *screen) scroll(by int) { s.top = s.clamp(s.top + by) }

// clamp keeps the window full of rows as long as there are any.
func (s *screen) clamp(top int) int {
	return max(min(top, len(s.seen.Rows)-s.room()), 0)
}

// footer is what stands below the table and the line that counts its rows.
func (s *screen) footer() []string {
	lines := wrap(summary(&s.seen), s.width)
	if s.keys {
		lines = append(lines, wrap(s.help(), s.width)...)
	}
	return lines
}

// help says how the run goes and what the keys do.
func (s *screen) help() []string {
	parts := []string{s.pacer.String(), "space: pause or go on", "+ -: pace"}
	if !s.sampled() {
		parts = append(parts, "arrows: scroll")
	}
	return append(parts, "q: stop")
}

// sampled reports whether the rows seen are not all there are.
func (s *screen) sampled() bool { return len(s.seen.Rows) < s.seen.Members }

// room is how many rows the window holds beside all else.
func (s *screen) room() int {
	return max(s.height-len(s.footer())-2, 0) // a heading, and the line that counts
}

// shown returns the rows that the window holds and what they are of the ring.
func (s *screen) shown() (rows []scenarios.WatchedNode, which string) {
	all, room := s.seen.Rows, s.room()
	switch {
	case s.sampled():
		if len(all) <= room {
			rows = all
		} else {
			for i := range room {
				rows = append(rows, all[i*len(all)/room])
			}
		}
		return rows, fmt.Sprintf("%d of %s", len(rows), nodes(s.seen.Members))
	case len(all) <= room:
		return all, nodes(len(all))
	}
	top := s.clamp(s.top)
	rows = all[top : top+room]
	return rows, fmt.Sprintf("%d to %d of %s", top+1, top+len(rows), nodes(len(all)))
}

// lines is the window. One that is too low for a row of the table shows the
// summary alone.
func (s *screen) lines() []string {
	if !s.any {
		return nil
	}
	lines := s.footer()
	if s.room() > 0 {
		rows, which := s.shown()
		if wrong(rows) {
			which += "; ! is wrong"
		}
		table := nodeTable(&s.seen, rows, s.width)
		lines = append(append(table, which), lines...)
	}
	lines = lines[:min(len(lines), s.height)]
	for i, line := range lines {
		lines[i] = clip(line, s.width)
	}
	return lines
}

// wrong reports whether a row has something marked as wrong.
func wrong(rows []scenarios.WatchedNode) bool {
	for i := range rows {
		if !rows[i].RightSuccessor || !rows[i].RightPredecessor {
			return true
		}
	}
	return false
}

// wrap puts parts into lines of a width, as many to a line as it holds.
func wrap(parts []string, width int) []string {
	var lines []string
	for i, part := range parts {
		if i < len(parts)-1 {
			part += ","
		}
		if n := len(lines); n > 0 && utf8.RuneCountInString(lines[n-1])+1+utf8.RuneCountInString(part) <= width {
			lines[n-1] += " " + part
			continue
		}
		lines = append(lines, part)
	}
	return lines
}

// clip cuts a line off at a width.
func clip(line string, width int) string {
	if runes := []rune(line); len(runes) > width {
		return string(runes[:max(width, 0)])
	}
	return line
}
