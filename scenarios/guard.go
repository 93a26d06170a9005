package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"
)

// What a file may be before anything is built from it. The scanner takes 300
// bytes for every sign and the square of the time over some, the parser keeps
// for every value the keys that lead to it and recurses over nesting: 40,000
// opening brackets keep it busy for seconds. So the bytes are bounded before
// they are scanned, the tokens before they are parsed, and no part of a file
// can cost more than its limit.
const (
	maxFileBytes  = 1 << 20
	maxSigns      = 100_000 // lines and signs that could end a token
	maxTokens     = 20_000  // comments do not count
	maxKeyBytes   = 80
	maxNesting    = 32
	maxBlankLines = 100 // in a row: a block scalar of blank lines is scanned in the square of their number
)

// signs are the characters at which the scanner may begin or end a token.
var signs = func() (set [utf8.RuneSelf]bool) {
	for _, c := range "\n-?:,[]{}#&*!|>'\"%@`<" {
		set[c] = true
	}
	return set
}()

// guardBytes checks what needs no scanner and returns the text with plain line
// ends, which keeps lines and columns as they are.
func guardBytes(data []byte) (string, *Problem) {
	if len(data) > maxFileBytes {
		return "", &Problem{Line: 1, Column: 1,
			Message: fmt.Sprintf("the file has %d bytes; a scenario has at most %d", len(data), maxFileBytes)}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	line, column, blank, signCount := 1, 1, 0, 0
	bad := func(message, hint string) (string, *Problem) {
		return "", &Problem{Line: line, Column: column, Message: message, Hint: hint}
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r < utf8.RuneSelf && signs[r] {
			if signCount++; signCount > maxSigns {
				return bad(fmt.Sprintf("more than %d lines and signs", maxSigns), "a scenario is smaller")
			}
		}
		switch {
		case r == utf8.RuneError && size == 1:
			return bad(fmt.Sprintf("byte 0x%02x is no UTF-8", data[i]), "save the file as UTF-8")
		case r == '\n':
			if blank++; blank > maxBlankLines+1 {
				return bad(fmt.Sprintf("more than %d blank lines in a row", maxBlankLines), "")
			}
			line, column = line+1, 0
		case r == '\r' && i+1 < len(data) && data[i+1] == '\n', r == ' ', r == '\t':
		case r < ' ' || 0x7f <= r && r < 0xa0 || r == '\ufeff':
			return bad(fmt.Sprintf("control character U+%04X", r), "remove it")
		default:
			blank = 0
		}
		i += size
		column++
	}
	return string(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))), nil
}

// scan turns a text into tokens and stops at the first that the language does
// not have or that goes beyond a limit.
func scan(text string) (token.Tokens, *Problem) {
	var (
		s      scanner.Scanner
		tokens token.Tokens
		nest   nesting
		count  int
		ended  bool
	)
	s.Init(text)
	for {
		batch, err := s.Scan()
		if errors.Is(err, io.EOF) {
			return tokens, nil
		}
		for _, tk := range batch {
			tokens.Add(tk)
			if tk.Type == token.CommentType {
				continue
			}
			if p := refusedToken(tk, count > 0, ended); p != nil {
				return nil, p
			}
			ended = ended || tk.Type == token.DocumentEndType
			count++
			if count > maxTokens {
				return nil, tokenProblem(tk, fmt.Sprintf("more than %d words and signs", maxTokens), "a scenario is smaller")
			}
			if nest.add(tk) > maxNesting {
				return nil, tokenProblem(tk, fmt.Sprintf("nested deeper than %d levels", maxNesting), "")
			}
		}
	}
}

// refusedToken says why a token has no place in a scenario, or nil.
func refusedToken(tk *token.Token, started, ended bool) *Problem {
	if ended && tk.Type != token.DocumentEndType {
		return tokenProblem(tk, "a second document begins here", "keep one scenario a file")
	}
	switch tk.Type {
	case token.InvalidType:
		return syntaxProblem(tk, tk.Error)
	case token.DocumentHeaderType:
		if started {
			return tokenProblem(tk, "a second document begins here", "keep one scenario a file")
		}
	case token.DirectiveType:
		return tokenProblem(tk, "YAML directives are not part of the language", "remove the line")
	case token.AnchorType, token.AliasType:
		return tokenProblem(tk, "anchors and aliases are not part of the language", "use params and ${name}; quote a text that begins with & or *")
	case token.TagType:
		return tokenProblem(tk, "YAML tags are not part of the language", "quote a text that begins with !")
	case token.MergeKeyType:
		return tokenProblem(tk, "merge keys are not part of the language", "write the keys out")
	case token.MappingValueType:
		if tk.Prev != nil && len(tk.Prev.Value) > maxKeyBytes {
			return tokenProblem(tk.Prev, fmt.Sprintf("key %s is longer than %d bytes", quote(tk.Prev.Value), maxKeyBytes), "")
		}
	case token.MappingKeyType:
		return tokenProblem(tk, `keys written with "?" are not part of the language`, "write key: value")
	}
	return nil
}

// nesting counts how deep the tokens read so far are nested, never less than
// the parser will recurse: in flow style by the brackets open and the pairs
// begun in the innermost, in block style by the columns at which collections
// stand open.
type nesting struct {
	flow  []int // open brackets: pairs begun since the last comma
	block []blockLevel
	last  *token.Token
}

// blockLevel is one block collection that stands open.
type blockLevel struct {
	column int
	list   bool
}

// add takes the next token and returns the depth.
func (n *nesting) add(tk *token.Token) int {
	switch tk.Type {
	case token.SequenceStartType, token.MappingStartType:
		n.flow = append(n.flow, 0)
	case token.SequenceEndType, token.MappingEndType:
		if len(n.flow) > 0 {
			n.flow = n.flow[:len(n.flow)-1]
		}
	case token.CollectEntryType:
		if len(n.flow) > 0 {
			n.flow[len(n.flow)-1] = 0
		}
	case token.MappingValueType:
		if len(n.flow) > 0 {
			n.flow[len(n.flow)-1]++
			break
		}
		column := tk.Position.Column
		if n.last != nil && n.last.Position.Line == tk.Position.Line {
			column = n.last.Position.Column // the key's
		}
		n.open(blockLevel{column, false})
	case token.SequenceEntryType:
		if len(n.flow) == 0 {
			n.open(blockLevel{tk.Position.Column, true})
		}
	}
	n.last = tk
	depth := len(n.block) + len(n.flow)
	for _, pairs := range n.flow {
		depth += max(0, pairs-1)
	}
	return depth
}

// open notes that a collection goes on or begins at a column: deeper ones are
// over. A list may stand at the column of the key that holds it.
func (n *nesting) open(level blockLevel) {
	for len(n.block) > 0 {
		top := n.block[len(n.block)-1]
		if top == level {
			return
		}
		if top.column < level.column || top.column == level.column && level.list {
			break
		}
		n.block = n.block[:len(n.block)-1]
	}
	n.block = append(n.block, level)
}

// tokenProblem is a problem at a token.
func tokenProblem(tk *token.Token, message, hint string) *Problem {
	return &Problem{Line: tk.Position.Line, Column: tk.Position.Column, Message: message, Hint: hint, token: tk}
}

// syntaxProblem is broken YAML, in the words of the parser.
func syntaxProblem(tk *token.Token, message string) *Problem {
	return tokenProblem(tk, "broken YAML: "+message, "")
}
