// Package phrase is a small language for texts with placeholders:
//
//	${name} on ${dimension.InstanceId | default "an instance"}: ${value | number 1}
//
// It knows neither alerts nor chats: which placeholders and functions there are,
// and of what (S), a [Language] says. There are no loops and no calls into Go by name, so that
// saying a phrase comes to an end, what it comes to has a bound, and the linker
// can drop what nobody calls.
package phrase

import (
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Longest is how many bytes a value may have after each function, and a said phrase as a whole.
const Longest = 1 << 16

// ErrTooLong is why a phrase is not said that comes to more than [Longest].
var ErrTooLong = errors.New("longer than 64 KiB")

// Language is what phrases about an S may be made of.
type Language[S any] struct {
	Placeholders []Placeholder[S]
	Functions    []Function
}

// Placeholder is a name that stands for something of an S.
type Placeholder[S any] struct {
	Name string
	Key  string // an example of what stands behind its dot: ${tag.team}; empty where nothing does
	Of   func(s S, key string) Value
}

// Function makes another value of one.
type Function struct {
	Name    string
	Takes   []Parameter
	Example string // with what it takes: cut 40
	// Apply gets as many arguments as Takes has, each as it asks for. It returns [ErrTooLong]
	// rather than making something much longer than [Longest].
	Apply func(v Value, args []Argument) (Value, error)
}

// Parameter is what a function takes in one place: a text, or a whole number from Least to Most where Most is not 0.
type Parameter struct {
	Least, Most int
	MayBeEmpty  bool // a text
}

// Argument is what a phrase gives to a function.
type Argument struct {
	Text   string
	Number int
}

// Value is what a placeholder stands for. It says nothing where Text is empty.
type Value struct {
	Text   string
	At     time.Time // set for a moment
	Number *float64  // set for a number, of which Text says no more than people want to read
	Unit   string    // what stands behind Number, with a blank where there is one
}

// Phrase is a text about an S, read once and said often, also by several goroutines at once.
type Phrase[S any] struct {
	source string
	parts  []part[S]
}

// part is a literal text, or a placeholder and what becomes of it.
type part[S any] struct {
	literal     string
	placeholder *Placeholder[S] // nil for a literal
	key         string
	calls       []call
}

type call struct {
	function *Function
	args     []Argument
}

// String returns the phrase as it was written.
func (p *Phrase[S]) String() string { return p.source }

// MarshalText returns the phrase as it was written.
func (p *Phrase[S]) MarshalText() ([]byte, error) { return []byte(p.source), nil }

// Say says the phrase of s, in pieces and in order. It returns none where the
// phrase has placeholders and each of them says nothing: then nothing is known
// of what it is about.
//
// The error names the placeholder that could not be said, and repeats no value: what
// it comes to is too long, or a placeholder or function panicked.
func (p *Phrase[S]) Say(s S) (said []Value, err error) {
	room, silent, known := Longest, false, false
	for i := range p.parts {
		part := &p.parts[i]
		v := Value{Text: part.literal}
		if part.placeholder != nil {
			if v, err = part.value(s); err != nil {
				return nil, fmt.Errorf("${%s}: %w", part.placeholder.Name, err)
			}
			known = known || v.Text != ""
			silent = !known
		}
		if room -= len(v.Text); room < 0 {
			return nil, ErrTooLong
		}
		said = append(said, v)
	}
	if silent {
		return nil, nil
	}
	return said, nil
}

func (p *part[S]) value(s S) (v Value, err error) {
	defer func() {
		if bug := recover(); bug != nil {
			v, err = Value{}, panicked(bug)
		}
	}()
	v = p.placeholder.Of(s, p.key)
	for _, c := range p.calls {
		if v, err = c.function.Apply(v, c.args); err != nil {
			return Value{}, err
		}
		if len(v.Text) > Longest {
			return Value{}, ErrTooLong
		}
	}
	return v, nil
}

// panicked makes an error of a bug. Only the runtime's own words are repeated: any other may hold the value.
func panicked(bug any) error {
	if known, ok := bug.(runtime.Error); ok {
		return fmt.Errorf("a bug: %w", known)
	}
	return errors.New("a bug")
}
