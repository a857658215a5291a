// Package timestamp reads times as somebody wrote them and gives them as they are kept: UTC, to the millisecond.
package timestamp

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"
)

// Told is the variable that says what time it is.
const Told = "CONFORMANCE_CLOCK"

const kept = "2006-01-02T15:04:05"

var pattern = regexp.MustCompile(
	`^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))$`)

// UTC returns a time as 2026-11-25T12:00:00.000Z, or false where it is none; what is finer is cut off.
func UTC(written string) (string, bool) {
	found := pattern.FindStringSubmatch(written)
	if found == nil {
		return "", false
	}
	year, month, day := number(found[1]), number(found[2]), number(found[3])
	hour, minute, second := number(found[4]), number(found[5]), number(found[6])
	offsetHours, offsetMinutes := number(found[9]), number(found[10])
	if year < 1 || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59 {
		return "", false
	}
	there := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if there.Month() != time.Month(month) || there.Day() != day {
		return "", false
	}
	offset := time.Duration(offsetHours*60+offsetMinutes) * time.Minute
	if found[8] == "+" {
		offset = -offset
	}
	there = there.Add(offset)
	if there.Year() < 1 || there.Year() > 9999 {
		return "", false
	}
	return there.Format(kept) + "." + (found[7] + "000")[:3] + "Z", true
}

// number reads digits, and none as 0.
func number(digits string) int {
	value, _ := strconv.Atoi(digits)
	return value
}

// Now returns the time that CONFORMANCE_CLOCK says, else that of the clock.
func Now() (string, error) {
	told, isTold := os.LookupEnv(Told)
	if !isTold {
		return time.Now().UTC().Format(kept + ".000Z"), nil
	}
	now, isTime := UTC(told)
	if !isTime {
		return "", fmt.Errorf("%s=%s: wanted a time such as 2026-11-25T12:00:00Z", Told, told)
	}
	return now, nil
}
