package plots

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Format is a kind of image file; its text is the file's extension.
type Format string

const (
	SVG Format = "svg" // text stays text; scales
	PNG Format = "png" // 96 pixels an inch
)

// Size is that of an image in pixels (in SVG, of 1/96 inch). The zero Size is
// 900 by 540.
type Size struct{ Width, Height int }

// Sizes that can be drawn: below, axes and legend leave no room for data.
const (
	minWidth, minHeight = 640, 400
	maxWidth, maxHeight = 4096, 4096
)

func (s Size) check() (Size, error) {
	if s == (Size{}) {
		return Size{900, 540}, nil
	}
	if s.Width < minWidth || s.Height < minHeight || s.Width > maxWidth || s.Height > maxHeight {
		return s, fmt.Errorf("an image of %d×%d pixels; use %d×%d to %d×%d", s.Width, s.Height, minWidth, minHeight, maxWidth, maxHeight)
	}
	return s, nil
}

// Render writes the chart to w. It fails if the chart is not valid (see
// Validate), the format unknown, the size out of range (640×400 to 4096×4096),
// or w fails; nothing is written in the first three cases.
func (c *Chart) Render(w io.Writer, format Format, size Size) error {
	if err := c.Validate(); err != nil {
		return err
	}
	size, err := size.check()
	if err != nil {
		return fmt.Errorf("chart %s: %w", c.Name, err)
	}
	width, height := vg.Length(size.Width)*vg.Inch/96, vg.Length(size.Height)*vg.Inch/96
	switch format {
	case SVG:
		canvas := vgsvg.New(width, height)
		c.paint(draw.New(canvas))
		err = writeSVG(w, canvas)
	case PNG:
		canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(96))
		c.paint(draw.New(canvas))
		_, err = vgimg.PngCanvas{Canvas: canvas}.WriteTo(w)
	default:
		return fmt.Errorf("chart %s: unknown image format %q; use svg or png", c.Name, format)
	}
	if err != nil {
		return fmt.Errorf("chart %s: %w", c.Name, err)
	}
	return nil
}

// writeSVG writes the canvas with fonts named that stand in for Liberation
// Sans, letter for letter as wide, where it is not installed.
func writeSVG(w io.Writer, canvas *vgsvg.Canvas) error {
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return err
	}
	out := bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans;"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;"))
	_, err := w.Write(out)
	return err
}

// Save writes the chart to a file; its extension, .svg or .png, says how. The
// file appears whole or not at all: it is written under another name in the
// same folder, which must exist, and then renamed.
func (c *Chart) Save(file string, size Size) error {
	format := Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(file), ".")))
	var image bytes.Buffer
	if err := c.Render(&image, format, size); err != nil {
		return err
	}
	if err := replace(file, image.Bytes()); err != nil {
		return fmt.Errorf("chart %s: %w", c.Name, err)
	}
	return nil
}

// replace puts data into a file by way of a temporary one.
func replace(file string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Chmod(0o644)
	}
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		os.Remove(temp.Name())
	}
	return err
}
