package validatord

// What no text may hold: a US social security number, a pay rate.

import (
	"regexp"
	"strings"
)

// White space is spelled out, because \s lacks the vertical tab in Go. The text is folded to lower case before instead
// of (?i), which would let the long s stand for an s.
var payRate = regexp.MustCompile(
	`\$[\s\v]*[0-9][0-9,]*(?:\.[0-9]+)?[\s\v]*` +
		`(?:(?:per|an|a)[\s\v]+(?:hour|year)|/[\s\v]*(?:hr|hour|yr|year)|salary)\b`)

const socialSecurity = "NNN-NN-NNNN"

func holdsPayRate(text string) bool {
	return strings.Contains(text, "$") && payRate.MatchString(strings.Map(asciiLower, text))
}

func asciiLower(letter rune) rune {
	if 'A' <= letter && letter <= 'Z' {
		return letter - 'A' + 'a'
	}
	return letter
}

// holdsSocialSecurityNumber is true when NNN-NN-NNNN stands in the text, touching neither a digit nor a hyphenated digit
// group.
func holdsSocialSecurityNumber(text string) bool {
	for start := 0; start+len(socialSecurity) <= len(text); start++ {
		end := start + len(socialSecurity)
		if fits(text[start:end]) && standsAlone(text[:start], text[end:]) {
			return true
		}
	}
	return false
}

func fits(window string) bool {
	for i := range len(window) {
		shape := socialSecurity[i]
		if shape == 'N' && !isDigit(window[i]) || shape != 'N' && window[i] != shape {
			return false
		}
	}
	return true
}

func standsAlone(before, after string) bool {
	last := len(before) - 1
	switch {
	case last >= 0 && isDigit(before[last]):
		return false
	case last >= 1 && before[last] == '-' && isDigit(before[last-1]):
		return false
	case len(after) >= 1 && isDigit(after[0]):
		return false
	case len(after) >= 2 && after[0] == '-' && isDigit(after[1]):
		return false
	}
	return true
}

func isDigit(letter byte) bool {
	return '0' <= letter && letter <= '9'
}
