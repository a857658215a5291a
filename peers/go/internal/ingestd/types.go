package ingestd

// The types of columns, each with its name in SQL, how a value is read, and how Parquet has it.

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
)

// columnType is one of them.
type columnType struct {
	name string
	node func() parquet.Node
	// read returns false for a text that is no value of the type.
	read func(value string) (parquet.Value, bool)
}

func (c columnType) fits(value string) bool {
	_, fits := c.read(value)
	return fits
}

var text = columnType{"VARCHAR", parquet.String, func(value string) (parquet.Value, bool) {
	return parquet.ByteArrayValue([]byte(value)), true
}}

// columnTypes are tried in this order.
var columnTypes = []columnType{
	{"BOOLEAN", func() parquet.Node { return parquet.Leaf(parquet.BooleanType) }, readBoolean},
	{"TIME", func() parquet.Node { return parquet.TimeAdjusted(parquet.Microsecond, false) }, readTime},
	{"DATE", parquet.Date, readDate},
	{"TIMESTAMP", func() parquet.Node { return parquet.TimestampAdjusted(parquet.Microsecond, false) }, readTimestamp},
	{"BIGINT", func() parquet.Node { return parquet.Int(64) }, readInteger},
	{"DECIMAL(38,0)", func() parquet.Node {
		return parquet.Decimal(0, mostDigits, parquet.FixedLenByteArrayType(decimalBytes))
	}, readDecimal},
	{"DOUBLE", func() parquet.Node { return parquet.Leaf(parquet.DoubleType) }, readDouble},
	text,
}

func readBoolean(value string) (parquet.Value, bool) {
	isTrue := strings.EqualFold(value, "true") || strings.EqualFold(value, "t")
	isFalse := strings.EqualFold(value, "false") || strings.EqualFold(value, "f")
	return parquet.BooleanValue(isTrue), isTrue || isFalse
}

// Times of day and times are kept to the microsecond; the forms are those of ISO 8601 with a space or a T.
var (
	timeOfDay = regexp.MustCompile(`^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?$`)
	dateForm  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	timeForm  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?$`)
)

func readTime(value string) (parquet.Value, bool) {
	read, err := time.Parse(time.TimeOnly, value)
	if err != nil || !timeOfDay.MatchString(value) {
		return parquet.Value{}, false
	}
	midnight := time.Date(read.Year(), read.Month(), read.Day(), 0, 0, 0, 0, time.UTC)
	return parquet.Int64Value(read.Sub(midnight).Microseconds()), true
}

func readDate(value string) (parquet.Value, bool) {
	const day = 24 * 60 * 60
	read, err := time.Parse(time.DateOnly, value)
	if err != nil || !dateForm.MatchString(value) {
		return parquet.Value{}, false
	}
	return parquet.Int32Value(int32(read.Unix() / day)), true // Midnights only: nothing is cut off.
}

func readTimestamp(value string) (parquet.Value, bool) {
	read, err := time.Parse(time.DateTime, strings.Replace(value, "T", " ", 1))
	if err != nil || !timeForm.MatchString(value) {
		return parquet.Value{}, false
	}
	return parquet.Int64Value(read.UnixMicro()), true
}

// number has no leading zero, since digits behind one are a name and no quantity, and no plus, which stands before phone
// numbers.
var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][+-]?[0-9]+)?$`)

func readInteger(value string) (parquet.Value, bool) {
	read, err := strconv.ParseInt(value, 10, 64)
	return parquet.Int64Value(read), err == nil && number.MatchString(value)
}

const (
	mostDigits   = 38
	decimalBytes = 16 // 38 digits need 127 bits
)

// readDecimal reads an integer that 64 bits do not hold, so that no digit is lost.
func readDecimal(value string) (parquet.Value, bool) {
	digits := strings.TrimPrefix(value, "-")
	read, isInteger := new(big.Int).SetString(value, 10)
	if !isInteger || len(digits) > mostDigits || !number.MatchString(value) {
		return parquet.Value{}, false
	}
	if read.Sign() < 0 { // Two's complement.
		read.Add(read, new(big.Int).Lsh(big.NewInt(1), 8*decimalBytes))
	}
	return parquet.FixedLenByteArrayValue(read.FillBytes(make([]byte, decimalBytes))), true
}

func readDouble(value string) (parquet.Value, bool) {
	read, err := strconv.ParseFloat(value, 64)
	return parquet.DoubleValue(read), err == nil && !math.IsInf(read, 0) && number.MatchString(value)
}
