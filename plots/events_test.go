package plots

import (
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

func TestEventsOnTheAxis(t *testing.T) {
	x := linear(0, 10)
	x.unit = 60
	on := onAxis([]Event{{600, "end"}, {-1, "before"}, {60, "one"}, {601, "after"}, {math.NaN(), "never"}, {0, "start"}}, x)
	want := []Event{{0, "start"}, {1, "one"}, {10, "end"}}
	if len(on) != len(want) {
		t.Fatalf("events %v, want %v", on, want)
	}
	for i := range want {
		if on[i] != want[i] {
			t.Errorf("events %v, want %v", on, want)
		}
	}
}

func TestRepeatedEventsAreCounted(t *testing.T) {
	tags := tagsOf([]Event{{1, "fail"}, {1, "fail"}, {1.001, "fail"}, {5, "fail"}, {5, ""}, {6, "join"}}, linear(0, 10), 0, 500)
	if len(tags) != 3 || tags[0].text != "fail ×3" || tags[1].text != "fail" || tags[2].text != "join" {
		t.Errorf("labels %+v", tags)
	}
	if tags[1].line != 250 {
		t.Errorf("the event in the middle stands at %v of 500", tags[1].line)
	}
}

// A label that reaches over the next event goes above its label, so that no
// line passes behind a text.
func TestEarlierLabelsGoAbove(t *testing.T) {
	on := []Event{{1, "lookup before the failure"}, {1.2, "fail 50 % of the members"}, {9, "end"}}
	placed, leftOut := placeTags(tagsOf(on, linear(0, 10), 0, 500), 0, 500, 4)
	if leftOut != 0 || len(placed) != 3 {
		t.Fatalf("placed %v, left out %d", placed, leftOut)
	}
	lanes := map[string]int{}
	for _, p := range placed {
		lanes[p.text] = p.lane
	}
	if lanes["end"] != 0 || lanes["fail 50 % of the members"] != 0 || lanes["lookup before the failure"] != 1 {
		t.Errorf("lanes %v", lanes)
	}
}

// A label climbs over a free lane where the line of a later event would pass
// behind it.
func TestNoLineBehindALabel(t *testing.T) {
	wide := textStyle(eventSize, soft, false).Width("lookup before") + tagGap
	tags := []tag{
		{text: "lookup before", line: 100},
		{text: "lookup before", line: 100 + wide - 10}, // over the next, so in lane 1: its line passes lane 0
		{text: "lookup before", line: 100 + wide + 10},
	}
	placed, _ := placeTags(tags, 0, 900, 4)
	if len(placed) != 3 || placed[0].lane != 0 || placed[1].lane != 1 || placed[2].lane != 2 {
		t.Errorf("labels, last first: %+v", placed)
	}
}

func TestLabelsNeverOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var on []Event
		at := 0.0
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			at = math.Min(100, at+rapid.Float64Range(0, 10).Draw(t, "later"))
			on = append(on, Event{at, words(rapid.IntRange(1, 80).Draw(t, "length"))})
		}
		lanes := rapid.IntRange(1, 5).Draw(t, "lanes")
		tags := tagsOf(on, linear(0, 100), 50, 600)
		placed, leftOut := placeTags(tags, 50, 610, lanes)
		if len(placed)+leftOut != len(tags) {
			t.Fatalf("%d labels placed and %d left out of %d", len(placed), leftOut, len(tags))
		}
		if len(tags) > 0 && len(placed) == 0 {
			t.Fatal("no label placed")
		}
		for i, a := range placed {
			if a.lane < 0 || a.lane >= lanes || a.left < 50 || a.right() > 610+vg.Length(1e-9) {
				t.Fatalf("label %+v is outside", a)
			}
			for _, b := range placed[:i] {
				if a.lane == b.lane && a.left < b.right() && b.left < a.right() {
					t.Fatalf("labels %+v and %+v overlap", a, b)
				}
			}
		}
	})
}
