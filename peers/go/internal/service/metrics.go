package service

// Metrics in the Prometheus text format. In: one note per answered request, and gauges that are read when asked for.
// Out: sorted text. Labels come from closed sets: paths of routes, known methods, statuses.

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	metricsMediaType = "text/plain; version=0.0.4; charset=utf-8"
	unknownRoute     = "unknown" // the route of a path that no route has
	otherMethod      = "OTHER"
)

var knownMethods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// bounds of the latency histogram, in seconds.
var bounds = []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

type requestKind struct {
	route, method string
	status        int
}

func (k requestKind) labels() string {
	return fmt.Sprintf(`{route="%s",method="%s",status="%d"}`, k.route, k.method, k.status)
}

type histogram struct {
	buckets [15]int // one for each bound and one beyond
	seconds float64
}

type metrics struct {
	name   string
	gauges map[string]func() float64

	mutex     sync.Mutex
	requests  map[requestKind]int
	latencies map[string]*histogram
}

func newMetrics(name string) *metrics {
	started := float64(time.Now().UnixMilli()) / 1000
	return &metrics{
		name: name,
		gauges: map[string]func() float64{
			"process_resident_memory_bytes": residentBytes,
			"process_start_time_seconds":    func() float64 { return started },
		},
		requests:  map[requestKind]int{},
		latencies: map[string]*histogram{},
	}
}

// residentBytes reads the resident memory of this process (Linux), 0 where the system does not say.
func residentBytes() float64 {
	var size, resident int // in pages
	text, _ := os.ReadFile("/proc/self/statm")
	fmt.Sscan(string(text), &size, &resident)
	return float64(resident * os.Getpagesize())
}

func (m *metrics) note(route, method string, status int, took time.Duration) {
	if !slices.Contains(knownMethods, method) {
		method = otherMethod
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.requests[requestKind{route, method, status}]++
	latency := m.latencies[route]
	if latency == nil {
		latency = &histogram{}
		m.latencies[route] = latency
	}
	bucket, _ := slices.BinarySearch(bounds, took.Seconds())
	latency.buckets[bucket]++
	latency.seconds += took.Seconds()
}

func (m *metrics) text() []byte {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	var text bytes.Buffer
	head(&text, "daemon_info", "gauge", "The service and its version.")
	fmt.Fprintf(&text, "daemon_info{service=\"%s\",version=\"%s\"} 1\n", m.name, Version)
	m.writeRequests(&text)
	m.writeLatencies(&text)
	for _, name := range slices.Sorted(maps.Keys(m.gauges)) {
		head(&text, name, "gauge", "Read when the metrics are asked for.")
		fmt.Fprintf(&text, "%s %s\n", name, strconv.FormatFloat(m.gauges[name](), 'f', -1, 64))
	}
	return text.Bytes()
}

func (m *metrics) writeRequests(text *bytes.Buffer) {
	head(text, "http_requests_total", "counter", "Requests answered, by route, method and status.")
	counts := map[string]int{}
	for kind, count := range m.requests {
		counts[kind.labels()] = count
	}
	for _, labels := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(text, "http_requests_total%s %d\n", labels, counts[labels])
	}
}

func (m *metrics) writeLatencies(text *bytes.Buffer) {
	const name = "http_request_duration_seconds"
	head(text, name, "histogram", "Time from the head of a request to the end of its answer.")
	for _, route := range slices.Sorted(maps.Keys(m.latencies)) {
		latency := m.latencies[route]
		sum := 0
		for i, count := range latency.buckets {
			sum += count
			bound := "+Inf"
			if i < len(bounds) {
				bound = strconv.FormatFloat(bounds[i], 'g', -1, 64)
			}
			fmt.Fprintf(text, "%s_bucket{route=\"%s\",le=\"%s\"} %d\n", name, route, bound, sum)
		}
		fmt.Fprintf(text, "%s_sum{route=\"%s\"} %.6f\n%s_count{route=\"%s\"} %d\n", name, route, latency.seconds, name, route, sum)
	}
}

func head(text *bytes.Buffer, name, kind, meaning string) {
	fmt.Fprintf(text, "# HELP %s %s\n# TYPE %s %s\n", name, meaning, name, kind)
}
