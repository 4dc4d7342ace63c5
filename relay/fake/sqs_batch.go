package fake

import (
	"maps"
	"strings"
	"time"
)

// maxDelay: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
const maxDelay = 900

// sendEntry puts a message in.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
func (q *Queue) sendEntry(e sqsEntry) (sqsObject, *refusedCall) {
	if e.DelaySeconds < 0 || e.DelaySeconds > maxDelay {
		return nil, outOfRange("DelaySeconds", e.DelaySeconds, 0, maxDelay)
	}
	if refused := checkMessage(e.MessageBody, e.MessageAttributes); refused != nil {
		return nil, refused
	}
	sent := sqsObject{
		"MessageId":        q.add(e.MessageBody, e.MessageAttributes, time.Duration(e.DelaySeconds)*time.Second),
		"MD5OfMessageBody": sum(e.MessageBody),
	}
	if len(e.MessageAttributes) > 0 {
		sent["MD5OfMessageAttributes"] = attributesSum(e.MessageAttributes)
	}
	return sent, nil
}

// deleteEntry deletes a message, if the receipt is its newest.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
func (q *Queue) deleteEntry(e sqsEntry) (sqsObject, *refusedCall) {
	return sqsObject{}, q.remove(e.ReceiptHandle)
}

// hideEntry changes when a message in flight is visible.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
func (q *Queue) hideEntry(e sqsEntry) (sqsObject, *refusedCall) {
	most := int(maxVisibility.Seconds())
	if e.VisibilityTimeout == nil {
		return nil, refuseCall("MissingParameter", "The request must contain the parameter VisibilityTimeout.")
	}
	if *e.VisibilityTimeout < 0 || *e.VisibilityTimeout > most {
		return nil, outOfRange("VisibilityTimeout", *e.VisibilityTimeout, 0, most)
	}
	return sqsObject{}, q.hide(e.ReceiptHandle, time.Duration(*e.VisibilityTimeout)*time.Second, false)
}

// batch does the same for each entry and tells for each how it went.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
func (c *sqsCall) batch(one func(sqsEntry) (sqsObject, *refusedCall)) (any, *refusedCall) {
	if refused := checkBatch(c.Entries); refused != nil {
		return nil, refused
	}
	successful, failed := []sqsObject{}, []sqsObject{}
	for i, e := range c.Entries {
		if c.partly && i%2 == 0 {
			failed = append(failed, sqsObject{"Id": e.ID, "Code": "InternalError", "Message": "An internal error occurred.", "SenderFault": false})
			continue
		}
		done, refused := one(e)
		if refused != nil {
			failed = append(failed, sqsObject{"Id": e.ID, "Code": refused.code, "Message": refused.message, "SenderFault": true})
			continue
		}
		entry := sqsObject{"Id": e.ID}
		maps.Copy(entry, done)
		successful = append(successful, entry)
	}
	return sqsObject{"Successful": successful, "Failed": failed}, nil
}

func checkBatch(entries []sqsEntry) *refusedCall {
	size, seen := 0, map[string]bool{}
	for _, e := range entries {
		if e.ID == "" || len(e.ID) > 80 || strings.Trim(strings.ToLower(e.ID), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return refuseCall("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "+
				"It can be at most 80 letters long.")
		}
		if seen[e.ID] {
			return refuseCall("BatchEntryIdsNotDistinct", "Id %s repeated.", e.ID)
		}
		seen[e.ID] = true
		size += messageSize(e.MessageBody, e.MessageAttributes)
	}
	switch {
	case len(entries) == 0:
		return refuseCall("EmptyBatchRequest", "There should be at least one entry in the request.")
	case len(entries) > maxBatch:
		return refuseCall("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(entries))
	case size > maxMessage:
		return refuseCall("BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxMessage, size)
	}
	return nil
}
