package validatord

import "testing"

func TestSocialSecurityNumbers(t *testing.T) {
	for _, text := range []string{
		"123-45-6789", "SSN 123-45-6789.", "x123-45-6789y", "-123-45-6789-", "é123-45-6789é", "a-123-45-6789-b",
		"٣123-45-6789", "123-45-67890 but 123-45-6789",
	} {
		if !holdsSocialSecurityNumber(text) {
			t.Errorf("not found in %q", text)
		}
	}
	for _, text := range []string{
		"", "555-123-4567", "1-555-123-4567", "123-45-67890", "0123-45-6789", "1-123-45-6789", "123-45-6789-1",
		"123-45-678", "123–45–6789", "١٢٣-٤٥-٦٧٨٩",
	} {
		if holdsSocialSecurityNumber(text) {
			t.Errorf("found in %q", text)
		}
	}
}

func TestPayRates(t *testing.T) {
	for _, text := range []string{
		"$25 per hour", "$25/hr", "$ 25,000.50 PER  YEAR!", "$1 a hour", "$1 an year", "$1\va\vyear", "$40000salary",
		"$25 / Hour", "from $25.5/yr.", "$25 salaryé",
	} {
		if !holdsPayRate(text) {
			t.Errorf("not found in %q", text)
		}
	}
	for _, text := range []string{
		"25 per hour", "$25", "$25 per day", "$25 hourly", "$25 per hours", "$25/hrs", "$ per hour", "$25. per hour",
		"$25 ſalary", "$25\u00a0per hour", "$25 salaryx",
	} {
		if holdsPayRate(text) {
			t.Errorf("found in %q", text)
		}
	}
}
