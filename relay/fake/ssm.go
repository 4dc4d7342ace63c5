package fake

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strings"
)

// ParameterStore is Systems Manager's Parameter Store as an http.Handler: GetParameter and PutParameter of its AWS JSON
// 1.1 protocol, over parameters in memory.
//
// Its faults name an operation as their Method and a parameter as their Webhook. [Filtered] is a ValidationException
// that quotes the value, as AWS's do. Its log keeps neither requests nor answers.
type ParameterStore struct {
	house
	parameters map[string]StoredParameter
}

var _ http.Handler = (*ParameterStore)(nil)

// StoredParameter is the newest version of a parameter.
type StoredParameter struct {
	Value       string
	Type        string // String, StringList, SecureString
	Key         string // of a SecureString: the KMS key
	Description string
	Version     int64
	Tags        map[string]string
}

// NewParameterStore returns a store without parameters.
func NewParameterStore() *ParameterStore {
	s := &ParameterStore{parameters: map[string]StoredParameter{}}
	s.open(Options{})
	return s
}

// Put stores a parameter as it is.
func (s *ParameterStore) Put(name string, p StoredParameter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parameters[name] = p
}

// All returns a copy of what is stored, by name.
func (s *ParameterStore) All() map[string]StoredParameter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.parameters)
}

// parameterRequest is what both operations ask for.
type parameterRequest struct {
	Name           string
	WithDecryption bool

	Value       string
	Type        string
	KeyID       string `json:"KeyId"`
	Tier        string
	Description string
	Overwrite   bool
	Tags        []struct{ Key, Value string }
}

// ServeHTTP implements http.Handler.
func (s *ParameterStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		panic(http.ErrAbortHandler) // the client went away: nothing was asked
	}
	service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	var in parameterRequest
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&in)
	fault := s.takeFault(in.Name, operation)
	note := Exchange{At: s.options.Clock(), Webhook: in.Name, Method: operation, Path: r.URL.Path, Fault: fault.Kind, Agent: r.UserAgent()}
	if fault.Kind == Reset || !s.wait(r, fault) {
		s.record(note, "")
		panic(http.ErrAbortHandler)
	}
	var answer reply
	switch {
	case r.Method != http.MethodPost || service != "AmazonSSM" || r.Header.Get("Content-Type") != "application/x-amz-json-1.1":
		answer = parameterError("UnknownOperationException", "No request of the AWS JSON 1.1 protocol.")
	case !strings.Contains(r.Header.Get("Authorization"), "Credential="):
		answer = parameterError("MissingAuthenticationToken", "Missing Authentication Token")
	case err != nil:
		answer = parameterError("SerializationException", err.Error())
	default:
		answer = s.reply(operation, in, fault)
	}
	note.Status, note.Why = answer.status, answer.why
	s.record(note, "")
	write(w, answer, fault)
}

func (s *ParameterStore) reply(operation string, in parameterRequest, f Fault) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch f.Kind {
	case Forbidden:
		return parameterError("AccessDeniedException", "User: arn:aws:iam::111122223333:user/minji is not authorized to perform: ssm:"+operation)
	case BadToken:
		return parameterError("UnrecognizedClientException", "The security token included in the request is invalid.")
	case Filtered:
		return parameterError("ValidationException", "1 validation error detected: Value '"+in.Value+"' at 'value' failed to satisfy constraint")
	}
	if answer, ok := commonFault(f); ok {
		return answer
	}
	switch operation {
	case "GetParameter":
		return s.get(in)
	case "PutParameter":
		return s.put(in)
	}
	return parameterError("UnknownOperationException", operation)
}

func (s *ParameterStore) get(in parameterRequest) reply {
	p, ok := s.parameters[in.Name]
	if !ok {
		return parameterError("ParameterNotFound", "")
	}
	value := p.Value
	if p.Type == "SecureString" && !in.WithDecryption {
		value = "AQICAHencrypted"
	}
	return parameterReply(map[string]any{"Parameter": map[string]any{
		"Name": in.Name, "Type": p.Type, "Value": value, "Version": p.Version, "DataType": "text",
		"ARN": "arn:aws:ssm:ap-northeast-2:" + queueAccount + ":parameter" + in.Name,
	}})
}

// parameterName is what a name is made of; with the ARN around it, it may have 1011 characters.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
var parameterName = regexp.MustCompile(`^[A-Za-z0-9_.\-/]+$`)

const maxParameterName = 1011

// maxStandardValue is the largest value of the standard tier, in bytes.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
const maxStandardValue = 4096

func (s *ParameterStore) put(in parameterRequest) reply {
	old, there := s.parameters[in.Name]
	first := strings.ToLower(strings.TrimPrefix(in.Name, "/"))
	switch {
	case !parameterName.MatchString(in.Name), len(in.Name) > maxParameterName, strings.HasPrefix(first, "aws"), strings.HasPrefix(first, "ssm"):
		return parameterError("ValidationException", "Parameter name: can't be prefixed with \"ssm\" (case-insensitive)")
	case strings.Count(in.Name, "/") > 15:
		return parameterError("HierarchyLevelLimitExceededException", "Parameter hierarchies are limited to 15 levels.")
	case in.Value == "", len(in.Value) > maxStandardValue:
		return parameterError("ValidationException", "Standard tier parameters support a maximum parameter value of 4096 characters.")
	case in.Overwrite && len(in.Tags) > 0:
		return parameterError("ValidationException", "Invalid request: tags and overwrite can't be used together.")
	case there && !in.Overwrite:
		return parameterError("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
	case there && in.Type != "" && in.Type != old.Type:
		return parameterError("HierarchyTypeMismatchException", "Parameter Store does not support changing a parameter type.")
	case !there && in.Type == "":
		return parameterError("ValidationException", "A parameter type is required when you create a parameter.")
	}
	p := StoredParameter{Value: in.Value, Type: in.Type, Key: in.KeyID, Description: in.Description, Version: old.Version + 1, Tags: map[string]string{}}
	if there {
		p.Type, p.Tags = old.Type, old.Tags
	}
	if p.Description == "" {
		p.Description = old.Description
	}
	if p.Type == "SecureString" && p.Key == "" {
		p.Key = "alias/aws/ssm"
	}
	for _, t := range in.Tags {
		p.Tags[t.Key] = t.Value
	}
	s.parameters[in.Name] = p
	return parameterReply(map[string]any{"Version": p.Version, "Tier": "Standard"})
}

func parameterReply(body any) reply {
	return jsonReply(http.StatusOK, body).with("Content-Type", "application/x-amz-json-1.1")
}

func parameterError(code, message string) reply {
	r := jsonReply(http.StatusBadRequest, map[string]any{"__type": code, "message": message})
	r.why = []string{code}
	return r.with("Content-Type", "application/x-amz-json-1.1")
}
