package main

// The prices below are those of this day and Region.
const (
	pricesAsOf   = "2026-11-22"
	pricesRegion = "us-east-1"
)

// price is what AWS takes for a unit of something.
type price struct {
	Dollars float64 `json:"dollars"`
	Per     float64 `json:"per"` // so many units
	Unit    string  `json:"unit"`
	Free    float64 `json:"free"` // units a month that every account has for nothing, for good
	Source  string  `json:"source"`
}

const (
	million  = 1_000_000
	gigabyte = 1 << 30
)

// The pages that say so. Each also says what other Regions take.
const (
	lambdaPrices     = "https://aws.amazon.com/lambda/pricing/"
	snsPrices        = "https://aws.amazon.com/sns/pricing/"
	sqsPrices        = "https://aws.amazon.com/sqs/pricing/"
	dynamoDBPrices   = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
	cloudWatchPrices = "https://aws.amazon.com/cloudwatch/pricing/"
	transferPrices   = "https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer"
	secretsPrices    = "https://aws.amazon.com/secrets-manager/pricing/"
	schedulerPrices  = "https://aws.amazon.com/eventbridge/pricing/"
)

// The prices of the first tier, which ends far above what a relay uses.
var (
	priceInvocation  = price{0.20, million, "request", million, lambdaPrices}
	priceArm         = price{0.0000133334, 1, "GB-s", 400_000, lambdaPrices}
	priceX86         = price{0.0000166667, 1, "GB-s", 400_000, lambdaPrices}
	pricePublish     = price{0.50, million, "request", million, snsPrices}
	priceQueue       = price{0.40, million, "request", million, sqsPrices}
	priceRead        = price{0.125, million, "read", 0, dynamoDBPrices}
	priceWrite       = price{0.625, million, "write", 0, dynamoDBPrices}
	priceTable       = price{0.25, 1, "GB", 25, dynamoDBPrices}
	priceBackup      = price{0.20, 1, "GB", 0, dynamoDBPrices}
	priceLog         = price{0.50, 1, "GB", 5, cloudWatchPrices}
	priceMetric      = price{0.30, 1, "metric", 10, cloudWatchPrices}
	priceAlarm       = price{0.10, 1, "alarm", 10, cloudWatchPrices}
	priceDashboard   = price{3.00, 1, "dashboard", 3, cloudWatchPrices}
	priceGraphMetric = price{0.02, 1000, "metric", 0, cloudWatchPrices}
	priceTransfer    = price{0.09, 1, "GB", 100, transferPrices}
	priceSecret      = price{0.40, 1, "secret", 0, secretsPrices}
	priceSchedule    = price{1.00, million, "invocation", 14 * million, schedulerPrices}
	priceAsk         = price{0.01, 1000, "request", million, cloudWatchPrices}
)

// compute is the price of a function's time.
func compute(architecture string) price {
	if architecture == x86 {
		return priceX86
	}
	return priceArm
}
