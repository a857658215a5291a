package vectord

// How a cell is split: its items around two centres (Lloyd's rounds, begun at the first item and at the one farthest from
// it). No chance is in it.

import "math"

// splitRounds is how often items and centres are adapted to each other; more rounds change few items.
const splitRounds = 4

// halves divides items between two cells. One of them is empty where the items cannot be told apart.
func halves(members []*item, distance distanceFunc, isUnit bool) (left, right cell) {
	left.centre = members[0].vector
	right.centre = farthest(members, left.centre, distance)
	for range splitRounds {
		left.members, right.members = nil, nil
		for _, member := range members {
			if distance(left.centre, member.vector) <= distance(right.centre, member.vector) {
				left.members = append(left.members, member)
			} else {
				right.members = append(right.members, member)
			}
		}
		if len(left.members) == 0 || len(right.members) == 0 {
			return left, right
		}
		left.centre, right.centre = mean(left.members, isUnit), mean(right.members, isUnit)
	}
	return left, right
}

func farthest(members []*item, from []float32, distance distanceFunc) []float32 {
	found, most := from, float32(0)
	for _, member := range members {
		if far := distance(from, member.vector); far > most {
			found, most = member.vector, far
		}
	}
	return found
}

// mean is the middle of the items' vectors, of unit length where they are.
func mean(members []*item, isUnit bool) []float32 {
	sums := make([]float64, len(members[0].vector))
	for _, member := range members {
		for i, number := range member.vector {
			sums[i] += float64(number)
		}
	}
	divisor := float64(len(members))
	if isUnit {
		squares := 0.0
		for _, sum := range sums {
			squares += sum * sum
		}
		divisor = math.Sqrt(squares)
	}
	middle := make([]float32, len(sums))
	for i, sum := range sums {
		middle[i] = float32(sum / divisor)
	}
	return middle
}
