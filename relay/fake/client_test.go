package fake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

type (
	obj = map[string]any
	arr = []any
)

const agent = "DiscordBot (https://relay.example, 1)"

// answered is what came back: the status and the body, decoded where it is JSON.
type answered struct {
	Status int
	Body   any
}

// ask sends a request to a handler without a client in between.
func ask(t *testing.T, h http.Handler, method, path, media string, body []byte) (answered, http.Header) {
	t.Helper()
	return serve(t, h, request(t, method, path, media, string(body)))
}

func request(t *testing.T, method, path, media, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("User-Agent", agent)
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	return r
}

func serve(t *testing.T, h http.Handler, r *http.Request) (answered, http.Header) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	a := answered{Status: w.Code, Body: w.Body.String()}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		a.Body = decode(t, w.Body.Bytes())
	}
	return a, w.Header()
}

func askJSON(t *testing.T, h http.Handler, method, path string, body any) answered {
	t.Helper()
	a, _ := ask(t, h, method, path, "application/json", encode(t, body))
	return a
}

// askFiles sends a payload with files[0], files[1] ... of these contents.
func askFiles(t *testing.T, h http.Handler, method, path string, body any, files ...File) answered {
	t.Helper()
	media, data := form(t, body, files...)
	a, _ := ask(t, h, method, path, media, data)
	return a
}

func form(t *testing.T, body any, files ...File) (media string, data []byte) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	field, err := m.CreateFormField("payload_json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := field.Write(encode(t, body)); err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		part, err := m.CreateFormFile(fmt.Sprintf("files[%d]", i), f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.Data); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), b.Bytes()
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func decode(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("answer is no JSON: %v: %s", err, text)
	}
	return v
}

// formError is Discord's whole answer to one property that is wrong.
func formError(at, code, message string) answered {
	var node any = obj{"_errors": arr{obj{"code": code, "message": message}}}
	path := strings.Split(at, ".")
	for _, name := range slices.Backward(path) {
		node = obj{name: node}
	}
	return answered{400, obj{"code": 50035.0, "message": "Invalid Form Body", "errors": node}}
}

func discordError(status int, code float64, message string) answered {
	return answered{status, obj{"code": code, "message": message}}
}

func xs(n int) string { return strings.Repeat("x", n) }

// address is a link of n characters.
func address(n int) string {
	const start = "https://a.example/"
	return start + xs(n-len(start))
}

func times(n int, item any) arr {
	items := arr{}
	for range n {
		items = append(items, item)
	}
	return items
}

func numbered(n int) arr {
	items := arr{}
	for i := range n {
		items = append(items, fmt.Sprint(1000+i))
	}
	return items
}

// officialSchema returns a check against Discord's own specification, which
// ALARMRELAY_DISCORD_SCHEMA names. Without it the check finds nothing, and the
// tests stand on the fake's answers alone.
func officialSchema(t *testing.T, definition string) func(body any) error {
	t.Helper()
	name := os.Getenv("ALARMRELAY_DISCORD_SCHEMA")
	if name == "" {
		t.Log("ALARMRELAY_DISCORD_SCHEMA is not set: only the fake's own answers are checked")
		return nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource("discord.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("discord.json#/$defs/" + definition)
	if err != nil {
		t.Fatal(err)
	}
	return func(body any) error {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(encode(t, body)))
		if err != nil {
			return err
		}
		return schema.Validate(value)
	}
}

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
