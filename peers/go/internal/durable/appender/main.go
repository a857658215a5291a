// Command appender appends records to a log for as long as it lives, and says which are there.
//
// Usage: appender LOG WRITER TEMPLATE SIZE…: record I has the id WRITER-I and a task of the next size in turn, written
// into the template for RUN_ID and TASK. An id is printed when its append has returned.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"lakehouse/internal/durable"
)

func main() {
	log, writer, template, sizes := os.Args[1], os.Args[2], os.Args[3], os.Args[4:]
	for number := 0; ; number++ {
		size, err := strconv.Atoi(sizes[number%len(sizes)])
		if err != nil {
			fail(err)
		}
		id := fmt.Sprintf("%s-%d", writer, number)
		record := strings.NewReplacer("RUN_ID", id, "TASK", strings.Repeat("x", size)).Replace(template)
		if err := durable.Append(log, []byte(record)); err != nil {
			fail(err)
		}
		fmt.Println(id)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
