// Command hello is the least that a Lambda function in Go can be. The start
// of the relay is measured beside it. It does nothing.
package main

import "github.com/aws/aws-lambda-go/lambda"

func main() {
	lambda.Start(func() error { return nil })
}
