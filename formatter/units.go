package formatter

import (
	"math"
	"strconv"
	"strings"

	"alarmrelay/alert"
)

// unitOf returns the unit of a query's values in CloudWatch's spelling: its
// own, or that of a well-known metric. Empty means that nobody knows.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
func unitOf(q alert.Query) string {
	if strings.EqualFold(statistic(q.Stat), "SampleCount") {
		return "Count"
	}
	if q.Unit != "" && q.Unit != "None" || q.Expression != "" {
		return q.Unit
	}
	if q.Name == "EstimatedCharges" {
		return dimension(q, "Currency")
	}
	for _, m := range wellKnown {
		if m.name == q.Name && strings.HasPrefix(q.Namespace, m.namespace) {
			return m.unit
		}
	}
	return ""
}

// wellKnown are metrics whose unit a message often lacks. A namespace is a
// prefix. From the metric lists of the services' manuals, such as
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
var wellKnown = [...]struct{ namespace, name, unit string }{
	{"AWS/", "CPUUtilization", "Percent"}, // an application's own may be a fraction
	{"AWS/", "MemoryUtilization", "Percent"},
	{"System/", "MemoryUtilization", "Percent"},
	{"", "mem_used_percent", "Percent"},
	{"", "disk_used_percent", "Percent"},
	{"AWS/RDS", "FreeStorageSpace", "Bytes"},
	{"AWS/RDS", "FreeLocalStorage", "Bytes"},
	{"AWS/", "FreeableMemory", "Bytes"},
	{"AWS/", "SwapUsage", "Bytes"},
	{"AWS/RDS", "ReadLatency", "Seconds"},
	{"AWS/RDS", "WriteLatency", "Seconds"},
	{"AWS/RDS", "CommitLatency", "Milliseconds"},
	{"AWS/RDS", "SelectLatency", "Milliseconds"},
	{"AWS/RDS", "ReplicaLag", "Seconds"},
	{"AWS/RDS", "AuroraReplicaLag", "Milliseconds"},
	{"AWS/RDS", "BufferCacheHitRatio", "Percent"},
	{"AWS/RDS", "ReadThroughput", "Bytes/Second"},
	{"AWS/RDS", "WriteThroughput", "Bytes/Second"},
	{"AWS/RDS", "ReadIOPS", "Count/Second"},
	{"AWS/RDS", "WriteIOPS", "Count/Second"},
	{"AWS/Lambda", "Duration", "Milliseconds"},
	{"AWS/Lambda", "IteratorAge", "Milliseconds"},
	{"AWS/ApplicationELB", "TargetResponseTime", "Seconds"},
	{"AWS/ELB", "Latency", "Seconds"},
	{"AWS/ApiGateway", "Latency", "Milliseconds"},
	{"AWS/ApiGateway", "IntegrationLatency", "Milliseconds"},
	{"AWS/SQS", "ApproximateAgeOfOldestMessage", "Seconds"},
	{"AWS/SQS", "SentMessageSize", "Bytes"},
	{"AWS/DynamoDB", "SuccessfulRequestLatency", "Milliseconds"},
	{"AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "Milliseconds"},
	{"AWS/States", "ExecutionTime", "Milliseconds"},
	{"AWS/EC2", "NetworkIn", "Bytes"},
	{"AWS/EC2", "NetworkOut", "Bytes"},
	{"AWS/EC2", "EBSReadBytes", "Bytes"},
	{"AWS/EC2", "EBSWriteBytes", "Bytes"},
	{"AWS/EFS", "PercentIOLimit", "Percent"},
	{"AWS/EFS", "StorageBytes", "Bytes"},
	{"AWS/ES", "JVMMemoryPressure", "Percent"},
	{"AWS/ES", "FreeStorageSpace", "Megabytes"},
	{"AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "Percent"},
	{"AWS/ElastiCache", "EngineCPUUtilization", "Percent"},
	{"AWS/ElastiCache", "BytesUsedForCache", "Bytes"},
	{"AWS/CloudFront", "TotalErrorRate", "Percent"},
	{"AWS/CloudFront", "4xxErrorRate", "Percent"},
	{"AWS/CloudFront", "5xxErrorRate", "Percent"},
	{"AWS/S3", "BucketSizeBytes", "Bytes"},
	{"AWS/S3", "FirstByteLatency", "Milliseconds"},
	{"AWS/S3", "TotalRequestLatency", "Milliseconds"},
}

// decimalBytes is a unit of our own: bytes in powers of 1000.
const decimalBytes = "Bytes (decimal)"

// unitFor is the unit in which a threshold is round: somebody who wrote
// 125000000 means 125 MB, and not 119.2093 MiB.
func unitFor(threshold float64, unit string) string {
	base, per, _ := strings.Cut(unit, "/")
	if base != "Bytes" || per != "" {
		return unit
	}
	if len(quantity(threshold, decimalBytes, exactDigits))+1 < len(quantity(threshold, unit, exactDigits)) {
		return decimalBytes
	}
	return unit
}

const (
	digits      = 3 // of a measured value
	exactDigits = 7 // of a threshold, which somebody wrote
)

// quantity writes a value with its unit for people: 1.8 GiB, 97.2 %, 350 ms, 12,345.
func quantity(v float64, unit string, significant int) string {
	per := ""
	if base, ok := strings.CutSuffix(unit, "/Second"); ok {
		unit, per = base, "/s"
	}
	scaled, symbol := scale(v, unit)
	switch symbol += per; symbol {
	case "":
		return number(scaled, significant)
	case "/s":
		return number(scaled, significant) + symbol
	}
	return number(scaled, significant) + " " + symbol
}

// valueBeside writes a measured value so that it still stands on its own side
// of a threshold: 79.96 is not "80 %" where the threshold is 80.
func valueBeside(v, threshold float64, unit string) string {
	bound := quantity(threshold, unit, exactDigits)
	for n := digits; n < 15; n++ {
		s := quantity(v, unit, n)
		if v == threshold || s != bound && sameSide(v, threshold, unit, n) {
			return s
		}
	}
	return quantity(v, unit, 17)
}

func sameSide(v, threshold float64, unit string, significant int) bool {
	scaled, _ := scale(v, strings.TrimSuffix(unit, "/Second"))
	rounded := v
	if scaled != 0 {
		rounded = round(scaled, significant) * (v / scaled)
	}
	return (rounded < threshold) == (v < threshold) && (rounded > threshold) == (v > threshold)
}

func round(v float64, significant int) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', significant-1, 64), 64)
	if err != nil {
		return v
	}
	return r
}

type step struct {
	from   float64 // smallest value that takes this symbol
	one    float64 // what one of it is in the base unit
	symbol string
}

const (
	kibi = 1 << 10
	mebi = 1 << 20
	gibi = 1 << 30
	tebi = 1 << 40
)

var (
	byteSteps    = [...]step{{tebi, tebi, "TiB"}, {gibi, gibi, "GiB"}, {mebi, mebi, "MiB"}, {kibi, kibi, "KiB"}, {0, 1, "B"}}
	decimalSteps = [...]step{{1e12, 1e12, "TB"}, {1e9, 1e9, "GB"}, {1e6, 1e6, "MB"}, {1e3, 1e3, "kB"}, {0, 1, "B"}}
	bitSteps     = [...]step{{1e12, 1e12, "Tbit"}, {1e9, 1e9, "Gbit"}, {1e6, 1e6, "Mbit"}, {1e3, 1e3, "kbit"}, {0, 1, "bit"}}
	secondSteps  = [...]step{{2 * 86400, 86400, "d"}, {2 * 3600, 3600, "h"}, {120, 60, "min"}, {1, 1, "s"}, {1e-3, 1e-3, "ms"}, {1e-6, 1e-6, "µs"}, {0, 1, "s"}}
)

// scale brings a value into the unit in which it is easiest to read.
func scale(v float64, unit string) (scaled float64, symbol string) {
	switch unit {
	case "", "None", "Count":
		return v, ""
	case "Percent":
		return v, "%"
	case "Bytes":
		return fit(v, byteSteps[:])
	case decimalBytes:
		return fit(v, decimalSteps[:])
	case "Bits":
		return fit(v, bitSteps[:])
	case "Seconds":
		return fit(v, secondSteps[:])
	case "Milliseconds":
		return fit(v/1e3, secondSteps[:])
	case "Microseconds":
		return fit(v/1e6, secondSteps[:])
	case "Kilobytes":
		return v, "kB"
	case "Megabytes":
		return v, "MB"
	case "Gigabytes":
		return v, "GB"
	case "Terabytes":
		return v, "TB"
	case "Kilobits":
		return v, "kbit"
	case "Megabits":
		return v, "Mbit"
	case "Gigabits":
		return v, "Gbit"
	case "Terabits":
		return v, "Tbit"
	}
	return v, oneLine(unit)
}

func fit(v float64, steps []step) (scaled float64, symbol string) {
	if v == 0 {
		return 0, steps[len(steps)-1].symbol
	}
	for _, s := range steps {
		if math.Abs(v) >= s.from {
			return v / s.one, s.symbol
		}
	}
	return v, ""
}

// number writes a value with some significant digits, never fewer than its
// whole part, thousands apart and never in E notation.
func number(v float64, significant int) string {
	switch size := math.Abs(v); {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "-∞"
	case v == 0:
		return "0"
	case size >= 1e15, size < 1e-9:
		digits, exp, _ := strings.Cut(strconv.FormatFloat(v, 'e', significant-1, 64), "e")
		power, _ := strconv.Atoi(exp)
		mantissa, _ := strconv.ParseFloat(digits, 64)
		return number(mantissa, significant) + " × 10^" + strconv.Itoa(power)
	case size == math.Trunc(size):
		return thousands(strconv.FormatFloat(v, 'f', 0, 64))
	default:
		whole := 1 + int(math.Floor(math.Log10(size)))
		v = round(v, max(significant, whole))
		decimals := max(0, significant-whole)
		s := strconv.FormatFloat(v, 'f', decimals, 64)
		if strings.Contains(s, ".") {
			s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
		}
		return thousands(s)
	}
}

func thousands(s string) string {
	whole, rest, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	if rest != "" {
		rest = "." + rest
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return sign + whole + rest
}

// statistic spells a statistic as the API does, since SNS writes it in capitals.
func statistic(s string) string {
	switch strings.ToUpper(s) {
	case "AVERAGE":
		return "Average"
	case "SUM":
		return "Sum"
	case "MAXIMUM":
		return "Maximum"
	case "MINIMUM":
		return "Minimum"
	case "SAMPLECOUNT", "SAMPLE_COUNT":
		return "SampleCount"
	}
	return s
}
