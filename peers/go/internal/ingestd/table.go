package ingestd

// A CSV file (RFC 4180: commas, double quotes, UTF-8, a header) as a table with typed columns. The first rows decide the type
// of a column, and every later row is held to it. An empty value is null.

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/cases"

	"lakehouse/internal/catalogd"
)

// deciding is how many rows decide the types.
const deciding = 20_480

var byteOrderMark = []byte("\ufeff")

// lineError says what is wrong with a line, the first of which is 1.
type lineError struct {
	line   int
	reason string
}

func (e *lineError) Error() string {
	return fmt.Sprintf("line %d: %s", e.line, e.reason)
}

type table struct {
	names []string
	types []columnType
	rows  [][]string
	lines []int // of each row, where it begins
}

func (t *table) schema() []catalogd.Column {
	columns := make([]catalogd.Column, len(t.names))
	for i, name := range t.names {
		columns[i] = catalogd.Column{Name: name, Type: t.types[i].name}
	}
	return columns
}

// readTable reads a whole file; it fails with a lineError where a line is to blame.
func readTable(file []byte) (*table, error) {
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, byteOrderMark)))
	reader.FieldsPerRecord = -1 // The number is checked here, for a sentence of its own.
	names, err := reader.Read()
	if err != nil {
		return nil, badHeader(err)
	}
	if err := checkNames(names); err != nil {
		return nil, err
	}
	read := &table{names: names}
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badRow(err)
		}
		line, _ := reader.FieldPos(0)
		if err := checkRow(row, names); err != nil {
			return nil, &lineError{line, err.Error()}
		}
		read.rows, read.lines = append(read.rows, row), append(read.lines, line)
	}
	return read, read.decideTypes()
}

func badHeader(err error) error {
	if errors.Is(err, io.EOF) {
		return &lineError{1, "there is no header"}
	}
	return &lineError{1, "the header is no CSV in UTF-8"}
}

func checkNames(names []string) error {
	seen := map[string]bool{}
	for _, name := range names {
		folded := cases.Fold().String(name)
		switch {
		case !utf8.ValidString(name):
			return &lineError{1, "the header is no CSV in UTF-8"}
		case name == "":
			return &lineError{1, "a column has no name"}
		case seen[folded]:
			return &lineError{1, "two columns have one name, whatever their case"}
		}
		seen[folded] = true
	}
	return nil
}

func badRow(err error) error {
	var fault *csv.ParseError
	if !errors.As(err, &fault) {
		return err
	}
	if errors.Is(fault, csv.ErrQuote) {
		return &lineError{fault.StartLine, "a quoted value does not end with its quote"}
	}
	return &lineError{fault.StartLine, "it is no row of this file"}
}

func checkRow(row, names []string) error {
	switch {
	case len(row) < len(names):
		return errors.New("it has fewer values than the header has columns")
	case len(row) > len(names):
		return errors.New("it has more values than the header has columns")
	}
	for _, value := range row {
		if !utf8.ValidString(value) {
			return errors.New("it is not UTF-8")
		}
	}
	return nil
}

// decideTypes gives each column the first type that all its deciding values have, and holds the other rows to it.
func (t *table) decideTypes() error {
	t.types = make([]columnType, len(t.names))
	for column := range t.names {
		t.types[column] = t.typeOf(column)
	}
	for i := min(deciding, len(t.rows)); i < len(t.rows); i++ {
		for column, value := range t.rows[i] {
			if value != "" && !t.types[column].fits(value) {
				return &lineError{t.lines[i], fmt.Sprintf("the value of column %s does not have the column's type", t.names[column])}
			}
		}
	}
	return nil
}

func (t *table) typeOf(column int) columnType {
	rows := t.rows[:min(deciding, len(t.rows))]
	hasValue := false
	for _, candidate := range columnTypes {
		fits := true
		for _, row := range rows {
			if value := row[column]; value != "" {
				hasValue = true
				if fits = candidate.fits(value); !fits {
					break
				}
			}
		}
		if fits && hasValue {
			return candidate
		}
	}
	return text // No row shows another one.
}
