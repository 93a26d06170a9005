package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"chordsim/scenarios"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"
)

// fakeClock is a clock that moves only when somebody waits.
type fakeClock struct {
	time   time.Time
	waits  []time.Duration
	before func() // called once, instead of letting the next wait end
}

func (c *fakeClock) now() time.Time { return c.time }

func (c *fakeClock) after(d time.Duration) <-chan time.Time {
	c.waits = append(c.waits, d)
	if f := c.before; f != nil {
		c.before = nil
		f()
		return nil
	}
	c.time = c.time.Add(d)
	ended := make(chan time.Time, 1)
	ended <- c.time
	return ended
}

// paced returns a pacer on a clock of its own, which begins at its epoch.
func paced(pace float64) (*pacer, *fakeClock) {
	c := new(fakeClock)
	p := newPacer(pace)
	p.at, p.now, p.after = c.time, c.now, c.after
	return p, c
}

func TestPaceHoldsARunBack(t *testing.T) {
	const s = time.Second
	p, c := paced(4)
	for at := range time.Duration(4) {
		if !p.hold(t.Context(), 3*s*at) {
			t.Fatal("the run was told to end")
		}
		c.time = c.time.Add(s / 4) // the run itself takes its time
	}
	// The first is due at once; the next each 3/4 s after the one before.
	if want := []time.Duration{s / 2, s / 2, s / 2}; !slices.Equal(c.waits, want) {
		t.Errorf("it waited %v, want %v", c.waits, want)
	}
	// A run that was slow is not let go any faster afterwards.
	c.waits, c.time = nil, c.time.Add(time.Hour)
	p.hold(t.Context(), 12*s)
	p.hold(t.Context(), 16*s)
	if want := []time.Duration{s}; !slices.Equal(c.waits, want) {
		t.Errorf("after an hour of its own it waited %v, want %v", c.waits, want)
	}
	// Another pace counts at once, in the middle of a wait.
	c.waits, c.before = nil, p.faster
	p.hold(t.Context(), 24*s)
	if want := []time.Duration{2 * s, s}; !slices.Equal(c.waits, want) {
		t.Errorf("with another pace on the way it waited %v, want %v", c.waits, want)
	}
	p, c = paced(0)
	p.hold(t.Context(), time.Hour)
	if len(c.waits) > 0 {
		t.Errorf("as fast as it goes it waited %v", c.waits)
	}
	// The longest run at the slowest pace is longer than a clock can say.
	p, c = paced(slowestPace)
	p.hold(t.Context(), 1<<63-1)
	if len(c.waits) == 0 || slices.Min(c.waits) <= 0 {
		t.Errorf("at the slowest pace it waited %v", c.waits)
	}
}

func TestPausedRunStandsStill(t *testing.T) {
	p, _ := paced(0)
	p.toggle()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if p.hold(ctx, time.Hour) {
		t.Error("a paused run goes on")
	}
	went := make(chan bool)
	go func() { went <- p.hold(t.Context(), time.Hour) }()
	p.toggle()
	if !<-went {
		t.Error("a run that is to go on is told to end")
	}
	// It may be paused in the middle of a wait, and end there.
	p, c := paced(1)
	ctx, cancel = context.WithCancel(t.Context())
	c.before = func() { p.toggle(); cancel() }
	if p.hold(ctx, time.Hour) {
		t.Error("a run that was paused while it waited goes on")
	}
}

func TestPaceByKeys(t *testing.T) {
	p, _ := paced(0)
	var got []string
	for _, f := range []func(){p.slower, p.slower, p.faster, p.faster, p.faster, p.toggle, p.toggle} {
		f()
		got = append(got, p.String())
	}
	want := []string{"pace 1024", "pace 512", "pace 1024", "as fast as it goes", "as fast as it goes", "paused", "as fast as it goes"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	p, _ = paced(0.0015)
	p.slower()
	if got := p.String(); got != "pace 0.0015" {
		t.Errorf("below the slowest pace: %s", got)
	}
}

// ring returns a watched ring of members at equal distances, of which every
// seventh has a wrong successor, and at most so many rows of it.
func ring(members, rows, bits int, stores bool) scenarios.Watched {
	seen := scenarios.Watched{At: 90 * time.Second, Members: members, Bits: bits, Stores: stores, Joining: 2,
		Stability: scenarios.Ratio(6, 7), Verdict: "ring", Last: "fail 50%"}
	peer := func(i int) scenarios.WatchedPeer {
		i = (i + members) % members
		return scenarios.WatchedPeer{Addr: uint32(i*7919%members + 1), ID: uint64(i) * (math.MaxUint64 >> (64 - bits) / uint64(members))}
	}
	rows = min(rows, members)
	for k := range rows {
		i := k * members / rows
		r := scenarios.WatchedNode{Node: peer(i), Successor: peer(i + 1), Predecessor: peer(i - 1), RightSuccessor: i%7 != 0, RightPredecessor: true}
		if i%7 == 0 {
			r.Successor = peer(i + 2)
		}
		if stores {
			r.Keys = int64(i%100) * 37
			seen.Keys += r.Keys
		}
		seen.Rows = append(seen.Rows, r)
	}
	return seen
}

// windowOf returns a screen of a size that has seen something.
func windowOf(width, height int, seen scenarios.Watched) *screen {
	p, _ := paced(16)
	s := &screen{pacer: p, stop: func() {}, keys: true}
	s.Update(tea.WindowSizeMsg{Width: width, Height: height})
	s.Update(seen)
	return s
}

// boxed draws the border of the window around what it shows.
func boxed(s *screen) string {
	var b strings.Builder
	edge := "+" + strings.Repeat("-", s.width) + "+\n"
	b.WriteString(edge)
	lines := strings.Split(s.View().Content, "\n")
	for i := range max(s.height, len(lines)) {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		fmt.Fprintf(&b, "|%-*s|\n", s.width, line)
	}
	b.WriteString(edge)
	return b.String()
}

// golden compares a text with a file of testdata/watch.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "watch", name)
	if os.Getenv("REWRITE") != "" {
		write(t, file, []byte(got))
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: %s", name, difference(string(want), got))
	}
}

// difference shows the first line in which two texts differ.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			return fmt.Sprintf("line %d is %q, want %q\n%s", i+1, slices.Concat(g, make([]string, len(w)))[i], slices.Concat(w, make([]string, len(g)))[i], got)
		}
	}
	return "equal"
}

func TestScreens(t *testing.T) {
	var b strings.Builder
	for _, c := range []struct {
		what          string
		width, height int
		seen          scenarios.Watched
		keys          []string
	}{
		{"a hundred nodes", 80, 24, ring(100, mostScrolled, 64, false), nil},
		{"the next page of them, and a row back", 80, 24, ring(100, mostScrolled, 64, false), []string{"pgdown", "up"}},
		{"the last of them, paused", 80, 12, ring(100, mostScrolled, 64, false), []string{"end", "space"}},
		{"with keys", 80, 12, ring(100, mostScrolled, 64, true), nil},
		{"in a small window", 40, 10, ring(100, mostScrolled, 64, false), []string{"down", "-"}},
		{"with keys in a small window", 40, 10, ring(100, mostScrolled, 14, true), nil},
		{"in one too low for a table", 40, 3, ring(100, mostScrolled, 64, false), nil},
		{"ten thousand nodes", 80, 12, ring(10_000, mostScrolled, 64, false), []string{"pgdown"}},
		{"a node alone", 80, 8, scenarios.Watched{Members: 1, Bits: 14, Stability: 0, Rows: []scenarios.WatchedNode{
			{Node: scenarios.WatchedPeer{Addr: 1, ID: 0x2a}, Successor: scenarios.WatchedPeer{Addr: 1, ID: 0x2a}, RightSuccessor: true},
		}}, nil},
		{"nobody", 80, 8, scenarios.Watched{Bits: 14, Stability: scenarios.Undefined(), Ended: true}, nil},
	} {
		s := windowOf(c.width, c.height, c.seen)
		for _, key := range c.keys {
			s.press(key)
		}
		fmt.Fprintf(&b, "%s, %d x %d", c.what, c.width, c.height)
		if len(c.keys) > 0 {
			fmt.Fprintf(&b, ", after %s", strings.Join(c.keys, " "))
		}
		fmt.Fprintf(&b, "\n%s\n", boxed(s))
	}
	golden(t, "screens.txt", b.String())
}

// A window is never overrun, no column runs into the next, and what is cut off
// is less than a column, whatever its size and whatever the ring.
func TestScreensFitTheirWindows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		members := rapid.IntRange(1, 3000).Draw(t, "members")
		seen := ring(members, rapid.IntRange(1, mostScrolled).Draw(t, "rows"), rapid.IntRange(12, 64).Draw(t, "bits"), rapid.Bool().Draw(t, "stores"))
		if rapid.Bool().Draw(t, "nobody") {
			seen.Rows[0].Predecessor = scenarios.WatchedPeer{}
		}
		s := windowOf(rapid.IntRange(0, 130).Draw(t, "width"), rapid.IntRange(0, 50).Draw(t, "height"), seen)
		for range rapid.IntRange(0, 5).Draw(t, "presses") {
			s.press(rapid.SampledFrom([]string{"up", "down", "pgup", "pgdown", "home", "end"}).Draw(t, "key"))
		}
		s.Update(tea.WindowSizeMsg{Width: rapid.IntRange(0, 130).Draw(t, "then"), Height: s.height})
		lines := s.lines()
		if len(lines) > s.height {
			t.Fatalf("%d lines in a window of %d", len(lines), s.height)
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > s.width {
				t.Fatalf("%q is wider than %d", line, s.width)
			}
		}
		c := columnsOf(&seen, s.width)
		if s.room() == 0 || c.width() > s.width {
			return
		}
		rows, _ := s.shown()
		if !s.sampled() && len(rows) < min(s.room(), len(seen.Rows)) {
			t.Fatalf("%d rows where %d have room", len(rows), s.room())
		}
		node, successor, predecessor := c.peers()
		for i, line := range lines[:len(rows)+1] {
			runes := []rune(line + strings.Repeat(" ", s.width))
			if ends := []string{string(runes[node : node+2]), string(runes[node+2+successor : node+4+successor])}; ends[0] != "  " || ends[1] != "  " {
				t.Fatalf("the columns of line %d run into each other: %q", i, line)
			}
			if c.keys == 0 && len(strings.TrimSpace(string(runes[node+4+successor+predecessor:]))) > 0 {
				t.Fatalf("line %d goes on behind its last column: %q", i, line)
			}
		}
	})
}

// Recordings of the screen: runs of the real simulator, look by look. One of them
// stores keys, of which some go with the nodes that crash and their copies come
// back; some are deleted.
func TestRecording(t *testing.T) {
	golden(t, "recording.txt", recorded(t, `name: recorded
ring: {bits: 16, successors: 3, stabilize: 5s, fix_fingers: 5s, check_predecessor: 5s}
network: {latency: 50ms}
timeline:
  - start: {nodes: 8}
  - wait: 4s
  - join: {nodes: 2}
  - wait: 8s
  - fail: {count: 3}
  - wait: 12s
`))
	golden(t, "recording-keys.txt", recorded(t, `name: recorded
ring: {bits: 16, successors: 3, stabilize: 5s, fix_fingers: 5s, check_predecessor: 5s}
data: {replicas: 2, write_quorum: 2, repair: 5s}
network: {latency: 50ms}
timeline:
  - start: {nodes: 6}
  - put: {count: 1200, over: 6s}
  - wait: 3s
  - fail: {count: 2}
  - wait: 9s
  - delete: {count: 600}
  - wait: 3s
`))
}

// recorded runs a scenario and returns what its screen showed.
func recorded(t *testing.T, text string) string {
	t.Helper()
	plan, err := simulator().parse("recorded.yaml", []byte(text), scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	p, _ := paced(0)
	s := &screen{pacer: p, keys: true}
	s.Update(tea.WindowSizeMsg{Width: 60, Height: 15})
	var b strings.Builder
	watch := &scenarios.WatchOptions{Every: 3 * time.Second, Rows: mostScrolled, Show: func(seen scenarios.Watched) {
		s.Update(seen)
		b.WriteString(boxed(s))
	}}
	if _, err := plan.run(t.Context(), scenarios.RunOptions{Watch: watch}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// opened returns a watch with its screen up, which writes to a buffer.
func opened(t *testing.T, keys io.Reader) (context.Context, *watch, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	p, _ := paced(0)
	w := &watch{ctx: ctx, stop: stop, to: &out, pacer: p}
	w.open(keys, tea.WithWindowSize(80, 12), tea.WithEnvironment([]string{"TERM=xterm"}))
	return ctx, w, &out
}

// The screen is put up, taken away, and what it showed last stays as plain text.
func TestScreenComesAndGoes(t *testing.T) {
	_, w, out := opened(t, nil)
	seen := ring(5, mostScrolled, 14, false)
	w.show(seen)
	seen.Ended, seen.Verdict = true, "ideal"
	w.show(seen)
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	const up, away = "\x1b[?1049h", "\x1b[?1049l"
	drawn, left, ok := strings.Cut(out.String(), away)
	if !ok || !strings.Contains(drawn, up) || !strings.Contains(drawn, "stability 85.71%") {
		t.Errorf("the screen was not put up and taken away: %q", out.String())
	}
	last := windowOf(80, 12, seen)
	last.keys = false
	if want := strings.Join(last.lines(), "\n") + "\n\n"; !strings.HasSuffix(left, want) {
		t.Errorf("left is %q, want %q", left, want)
	}
}

// A key reaches the run: it ends, and no pause keeps it from that.
func TestKeysEndTheRun(t *testing.T) {
	for _, key := range []string{"q", "\x03"} {
		in, press := io.Pipe()
		ctx, w, _ := opened(t, in)
		w.show(ring(5, mostScrolled, 14, false))
		io.WriteString(press, " "+key)
		w.show(ring(5, mostScrolled, 14, false))
		<-ctx.Done()
		if err := w.close(); err != nil {
			t.Errorf("%q: %v", key, err)
		}
		press.Close()
	}
}

// A screen that fails ends the run and says why.
func TestScreenThatFails(t *testing.T) {
	ctx, w, _ := opened(t, failingReader{})
	<-ctx.Done()
	if err := w.close(); err == nil || !strings.Contains(err.Error(), "cannot show the run: ") || statusOf(err) != exitBroken {
		t.Errorf("it says %v", err)
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, fmt.Errorf("the keyboard is gone") }
