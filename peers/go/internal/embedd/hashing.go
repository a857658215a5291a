package embedd

// hash-384: words and pieces of words, hashed with a sign into 384 sums. Words count twice, their pieces of three and four
// characters once. All sums are small integers, so that the vector of a text is the same on every machine and in every
// language. The rule is that of the reference, reference_impl/embedd/service/hashing.py.

import (
	"encoding/binary"
	"math"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/crypto/blake2b"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	// Dim is the length of a vector.
	Dim = 384
	// wordWeight is what a whole word adds; a piece of it, which other words share, adds 1.
	wordWeight = 2
	// longestWord is in characters; the rest of a longer one is another word.
	longestWord = 64
	// mostKnownWords bounds the words whose features are kept: words repeat, and hashing them is most of the work.
	mostKnownWords = 20_000
	// scale rounds the numbers of a vector to six decimals, as those of all models are.
	scale = 1e6
)

var pieceLengths = [...]int{3, 4}

// feature is what a word or a piece adds to one of the sums.
type feature struct {
	bucket int
	weight float64
}

// hashing embeds texts. It is safe for concurrent use.
type hashing struct {
	mutex sync.RWMutex
	known map[string][]feature
}

func newHashing() *hashing {
	return &hashing{known: map[string][]feature{}}
}

// embed returns the vector of a text: of unit length, its numbers rounded to six decimals.
func (h *hashing) embed(text string) []float64 {
	sums := make([]float64, Dim)
	for _, word := range words(text) {
		for _, one := range h.features(word) {
			sums[one.bucket] += one.weight
		}
	}
	squares := 0.0
	for _, sum := range sums {
		squares += sum * sum
	}
	if squares == 0 { // All cancel out.
		sums[0], squares = 1, 1
	}
	length := math.Sqrt(squares)
	for i, sum := range sums {
		sums[i] = math.RoundToEven(sum/length*scale)/scale + 0 // No minus zero.
	}
	return sums
}

// words splits a text into words as they are compared; a text without any is one word.
func words(text string) []string {
	folded := strings.Map(foldCherokee, cases.Fold().String(norm.NFKC.String(text)))
	found := strings.FieldsFunc(folded, func(r rune) bool { return !isWordCharacter(r) })
	if len(found) == 0 {
		found = []string{strings.TrimFunc(folded, isSpace)}
	}
	var split []string
	for _, word := range found {
		characters := []rune(word)
		for len(characters) > longestWord {
			split = append(split, string(characters[:longestWord]))
			characters = characters[longestWord:]
		}
		split = append(split, string(characters))
	}
	return split
}

// foldCherokee folds to capitals, as Unicode has it for this script alone and x/text/cases does not.
func foldCherokee(r rune) rune {
	switch {
	case r >= 0xab70 && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case r >= 0x13f8 && r <= 0x13fd:
		return r - 0x13f8 + 0x13f0
	}
	return r
}

// isWordCharacter is \w of the reference's language: letters, numbers of all kinds and the underscore, no marks.
func isWordCharacter(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}

// isSpace is white space of the reference's language, which counts four separators of ASCII too.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f
}

func (h *hashing) features(word string) []feature {
	h.mutex.RLock()
	found, isKnown := h.known[word]
	h.mutex.RUnlock()
	if isKnown {
		return found
	}
	made := featuresOf(word)
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if len(h.known) >= mostKnownWords {
		clear(h.known)
	}
	h.known[word] = made
	return made
}

// featuresOf returns those of a word and its pieces.
func featuresOf(word string) []feature {
	made := []feature{hashed("word "+word, wordWeight)}
	framed := []rune("<" + word + ">")
	for _, length := range pieceLengths {
		for at := 0; at+length <= len(framed); at++ {
			made = append(made, hashed("piece "+string(framed[at:at+length]), 1))
		}
	}
	return made
}

// hashed gives a feature its sum and, by the top bit of its digest, its sign.
func hashed(name string, weight float64) feature {
	digest, err := blake2b.New(8, nil)
	if err != nil { // The size is one that there is.
		panic(err)
	}
	digest.Write([]byte(name))
	number := binary.BigEndian.Uint64(digest.Sum(nil))
	if number>>63 == 1 {
		weight = -weight
	}
	return feature{int(number % Dim), weight}
}
