package scenarios

import (
	"encoding/csv"
	"io"
)

// WriteCSV writes a table by RFC 4180: headings with units, bare numbers,
// nothing in the place of an undefined one.
func WriteCSV(w io.Writer, t *Table) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Heading()
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i, v := range row {
			record[i] = v.Raw()
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
