package sim

import (
	"testing"
	"time"
)

// put puts hosts 1, 2, … on given rows.
func (m *matrix) put(rows ...uint16) { copy(m.at[1:], rows) }

func testMatrixModel(t *testing.T, kind string) *matrix {
	t.Helper()
	m := mustBuild(t, MatrixLatency{Table: readTestMatrix(t), Kind: kind, Missing: "drop"}, 1, 5).(*matrix)
	m.put(0, 1, 2, 3, 0)
	return m
}

func TestMatrixDelays(t *testing.T) {
	oneWay, rtt := testMatrixModel(t, "one-way"), testMatrixModel(t, "rtt")
	for _, c := range []struct {
		from, to         uint32
		delay, half, rtt Time
	}{
		{1, 2, 10 * ms, 5 * ms, 11 * ms},
		{2, 1, 12 * ms, 6 * ms, 11 * ms},
		{2, 4, 50500 * Time(time.Microsecond), 25250 * Time(time.Microsecond), 70250 * Time(time.Microsecond)},
		{1, 5, DefaultFloor, DefaultFloor, 2 * DefaultFloor}, // another host at the same site
		{1, 1, DefaultFloor, DefaultFloor, 0},
	} {
		if d := oneWay.Delay(c.from, c.to, 1); d != c.delay {
			t.Errorf("one-way from %d to %d: %v, want %v", c.from, c.to, d, c.delay)
		}
		if d := rtt.Delay(c.from, c.to, 1); d != c.half {
			t.Errorf("half a round trip from %d to %d: %v, want %v", c.from, c.to, d, c.half)
		}
		if d := rtt.MeanRTT(c.from, c.to); d != c.rtt {
			t.Errorf("round trip of %d and %d: %v, want %v", c.from, c.to, d, c.rtt)
		}
	}
}

// The hole is from site 2 to site 0: hosts 3 to 1 and 3 to 5, one way only.
func TestMissingCellsLoseMessages(t *testing.T) {
	m := testMatrixModel(t, "rtt")
	for from := uint32(1); from <= 5; from++ {
		for to := uint32(1); to <= 5; to++ {
			if want := from == 3 && (to == 1 || to == 5); m.Lost(from, to) != want {
				t.Errorf("from %d to %d lost: %v", from, to, !want)
			}
		}
	}
	if m.MeanRTT(1, 3) != 0 || m.MeanRTT(3, 1) != 0 {
		t.Errorf("mean round trip over a hole: %v, %v", m.MeanRTT(1, 3), m.MeanRTT(3, 1))
	}
}

func TestMatrixHostsInTurn(t *testing.T) {
	m := mustBuild(t, MatrixLatency{Table: readTestMatrix(t), Kind: "rtt", Sites: "in-turn"}, 1, 10).(*matrix)
	for host, row := range m.at[1:] {
		if int(row) != host%4 {
			t.Errorf("host %d is at site %d", host+1, row)
		}
	}
}

func TestMatrixHostsAreSpread(t *testing.T) {
	m := mustBuild(t, MatrixLatency{Table: readTestMatrix(t), Kind: "rtt"}, 1, 4000).(*matrix)
	count := make([]int, 4)
	for _, row := range m.at[1:] {
		count[row]++
	}
	for row, n := range count {
		if n < 850 || n > 1150 { // 1000 ± 5 standard deviations of 27
			t.Errorf("row %d has %d hosts of 4000", row, n)
		}
	}
}
