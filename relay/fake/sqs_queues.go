package fake

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// queueURL finds a queue by its name.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html
func (s *SQS) queueURL(c *sqsCall) (any, *refusedCall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := "/" + queueAccount + "/" + c.QueueName
	if s.queues[path] == nil || c.Owner != "" && c.Owner != queueAccount {
		return nil, refuseCall("QueueDoesNotExist", "The specified queue does not exist.")
	}
	scheme := c.URL.Scheme
	if scheme == "" {
		scheme = "http"
	}
	return sqsObject{"QueueUrl": scheme + "://" + c.Host + path}, nil
}

// queueByARN returns the queue of an ARN, or nil. The caller has the lock.
func (s *SQS) queueByARN(arn string) *Queue {
	for _, q := range s.queues {
		if q.ARN() == arn {
			return q
		}
	}
	return nil
}

// attributes tells what is asked for of the queue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
func (q *Queue) attributes(names []string) (any, *refusedCall) {
	all := q.allAttributes()
	for _, name := range names {
		if _, known := all[name]; !known && name != "All" && name != "RedrivePolicy" {
			return nil, refuseCall("InvalidAttributeName", "Unknown Attribute %s.", name)
		}
	}
	maps.DeleteFunc(all, func(name, _ string) bool { return !slices.Contains(names, "All") && !slices.Contains(names, name) })
	if len(all) == 0 {
		return sqsObject{}, nil
	}
	return sqsObject{"Attributes": all}, nil
}

func (q *Queue) allAttributes() map[string]string {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.advance(q.options.Clock())
	all := map[string]string{
		"ApproximateNumberOfMessages":           strconv.Itoa(q.visible.Len()),
		"ApproximateNumberOfMessagesNotVisible": strconv.Itoa(q.inFlight),
		"ApproximateNumberOfMessagesDelayed":    strconv.Itoa(q.hidden.Len() - q.inFlight),
		"QueueArn":                              q.ARN(),
		"VisibilityTimeout":                     strconv.Itoa(int(q.options.Visibility.Seconds())),
		"MaximumMessageSize":                    strconv.Itoa(maxMessage),
		"MessageRetentionPeriod":                strconv.Itoa(14 * 24 * 60 * 60),
		"DelaySeconds":                          "0",
		"ReceiveMessageWaitTimeSeconds":         "0",
	}
	if d := q.options.DeadLetters; d != nil {
		policy, err := json.Marshal(sqsObject{"deadLetterTargetArn": d.ARN(), "maxReceiveCount": q.options.MaxReceives})
		if err != nil {
			panic(err) // our own types
		}
		all["RedrivePolicy"] = string(policy)
	}
	return all
}
