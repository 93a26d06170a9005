package main

import (
	"fmt"
	"strconv"
	"strings"

	"chordsim/scenarios"
)

// nodeTable lays out rows of a watched ring under a heading: address and
// identifier in hexadecimal of each node, of its successor and of its
// predecessor, with a mark at what is wrong, and its keys where it stores any.
// Where the width is short of room for identifiers their last digits are left
// off. The columns depend on all rows seen, so that they stand still under
// scrolling.
func nodeTable(seen *scenarios.Watched, rows []scenarios.WatchedNode, width int) []string {
	c := columnsOf(seen, width)
	lines := []string{c.line("node", "successor", "predecessor", "keys")}
	for i := range rows {
		r := &rows[i]
		lines = append(lines, c.line(c.peer(r.Node),
			c.peer(r.Successor)+markOf(r.RightSuccessor), c.peer(r.Predecessor)+markOf(r.RightPredecessor), count(r.Keys)))
	}
	return lines
}

func markOf(right bool) string {
	if right {
		return ""
	}
	return "!"
}

// columns are the widths of a table of nodes, in characters.
type columns struct {
	address int // digits of the longest
	id      int // hexadecimal digits of a whole one
	digits  int // of those the ones shown
	keys    int // 0: there is no such column
}

// columnsOf chooses widths for which the table is no wider than asked, if there
// are any.
func columnsOf(seen *scenarios.Watched, width int) columns {
	var address uint32
	c := columns{id: (seen.Bits + 3) / 4}
	if seen.Stores {
		c.keys = len("keys")
	}
	for i := range seen.Rows {
		r := &seen.Rows[i]
		address = max(address, r.Node.Addr, r.Successor.Addr, r.Predecessor.Addr)
		if seen.Stores {
			c.keys = max(c.keys, len(count(r.Keys)))
		}
	}
	c.address = len(strconv.FormatUint(uint64(address), 10))
	for c.digits = c.id; c.digits > 1 && c.width() > width; {
		c.digits--
	}
	return c
}

// width is that of a whole line.
func (c columns) width() int {
	node, successor, predecessor := c.peers()
	w := node + 2 + successor + 2 + predecessor
	if c.keys > 0 {
		w += 2 + c.keys
	}
	return w
}

// peers are the widths of the first three columns; the last two have room for a
// mark.
func (c columns) peers() (node, successor, predecessor int) {
	w := c.address + 1 + c.digits
	if c.digits < c.id {
		w++ // the dots
	}
	return max(w, len("node")), max(w+1, len("successor")), max(w+1, len("predecessor"))
}

// peer writes a peer, 17/3fa2, or a dash for nobody.
func (c columns) peer(p scenarios.WatchedPeer) string {
	if p.Addr == 0 {
		return fmt.Sprintf("%*s", c.address, "-")
	}
	id := fmt.Sprintf("%0*x", c.id, p.ID)
	if c.digits < c.id {
		id = id[:c.digits] + "…"
	}
	return fmt.Sprintf("%*d/%s", c.address, p.Addr, id)
}

// line puts cells into their columns.
func (c columns) line(node, successor, predecessor, keys string) string {
	n, s, p := c.peers()
	line := fmt.Sprintf("%-*s  %-*s  %-*s", n, node, s, successor, p, predecessor)
	if c.keys > 0 {
		return line + fmt.Sprintf("  %*s", c.keys, keys)
	}
	return strings.TrimRight(line, " ")
}
