package main

import (
	"debug/elf"
	"fmt"
	"regexp"
	"slices"
)

// operation is one of a service's, as the SDK calls them: "sqs" and "SendMessage".
type operation struct{ service, name string }

// linkedForm is a method of the SDK that exists for each operation, and that the linker keeps where the operation can be called.
var linkedForm = regexp.MustCompile(`^github\.com/aws/aws-sdk-go-v2/service/([a-z0-9]+)\.\(\*Client\)\.addOperation(\w+)Middlewares$`)

// neverCalled are operations that a client of the SDK brings along and that nobody calls.
var neverCalled = []operation{
	// For finding an endpoint, which is off unless Options.EnableEndpointDiscovery says otherwise.
	// https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoint-discovery.html
	{"dynamodb", "DescribeEndpoints"},
}

// operationsIn returns the operations that a binary can call, read from its symbols.
func operationsIn(binary string) (all []operation, err error) {
	file, err := elf.Open(binary)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was read only
	symbols, err := file.Symbols()
	if err != nil {
		return nil, fmt.Errorf("read its symbols: %w", err)
	}
	for _, s := range symbols {
		if m := linkedForm.FindStringSubmatch(s.Name); m != nil && !slices.Contains(neverCalled, operation{m[1], m[2]}) {
			all = append(all, operation{m[1], m[2]})
		}
	}
	return all, nil
}

// uncalled says which of the linked operations nobody has seen called, and that there are such at all.
func uncalled(linked []operation, made []call) (found []string) {
	if len(linked) == 0 {
		return []string{"no operation of AWS was found in the function: has the SDK changed the names that binary.go looks for?"}
	}
	for _, o := range linked {
		if !slices.ContainsFunc(made, func(c call) bool { return c.operation == o }) {
			found = append(found, fmt.Sprintf("the function can call %s %s, and was not seen doing so: let exercise.go make it, or nobody knows on what it is called", o.service, o.name))
		}
	}
	return found
}
