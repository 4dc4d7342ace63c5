package fake

import (
	"regexp"
	"slices"
)

// condition is an expression of the service's that is true or false of an item.
//
// What is known: comparisons by =, <, <=, > and >= of placeholders, attribute_exists and
// attribute_not_exists, AND, OR, NOT and brackets. A bare name is refused: it may be one of the reserved words.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
type condition func(item) bool

// expression is the part of a request that says what an expression's placeholders stand for.
type expression struct {
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]itemValue
}

// reading is how far an expression has been read.
type reading struct {
	expression
	tokens []string
	used   []string
	no     *tableError
}

// tokens are what an expression is made of: words and placeholders, operators, and any other sign.
var tokens = regexp.MustCompile(`[#:]?\w+|<=|>=|<>|\S`)

func (e expression) read(text string) *reading {
	return &reading{expression: e, tokens: tokens.FindAllString(text, -1)}
}

// condition reads a whole expression; without one everything is true.
func (e expression) condition(text string) (condition, *tableError) {
	if text == "" {
		if len(e.ExpressionAttributeNames)+len(e.ExpressionAttributeValues) > 0 {
			return nil, invalid("ExpressionAttributeNames can only be specified when using expressions")
		}
		return func(item) bool { return true }, nil
	}
	r := e.read(text)
	c := r.either()
	return c, r.end()
}

// end refuses what is left over: tokens, and placeholders that stand for nothing.
func (r *reading) end() *tableError {
	if len(r.tokens) > 0 {
		r.refuse("Syntax error; token: " + r.tokens[0])
	}
	for name := range r.ExpressionAttributeNames {
		if !slices.Contains(r.used, name) {
			r.refuse("Value provided in ExpressionAttributeNames unused in expressions: keys: {" + name + "}")
		}
	}
	for name, a := range r.ExpressionAttributeValues {
		if !slices.Contains(r.used, name) {
			r.refuse("Value provided in ExpressionAttributeValues unused in expressions: keys: {" + name + "}")
		}
		if no := a.check(name); no != nil && r.no == nil {
			r.no = no
		}
	}
	return r.no
}

func (r *reading) refuse(message string) {
	if r.no == nil {
		r.no = invalid("Invalid expression: " + message)
	}
}

func (r *reading) next() string {
	if len(r.tokens) == 0 {
		r.refuse("it ends too early")
		return ""
	}
	token := r.tokens[0]
	r.tokens = r.tokens[1:]
	return token
}

func (r *reading) take(token string) bool {
	if len(r.tokens) == 0 || r.tokens[0] != token {
		return false
	}
	r.tokens = r.tokens[1:]
	return true
}

func (r *reading) expect(token string) {
	if got := r.next(); got != token {
		r.refuse("Syntax error; token: " + got + ", wanted: " + token)
	}
}

func (r *reading) either() condition {
	left := r.both()
	for r.take("OR") {
		first, second := left, r.both()
		left = func(i item) bool { return first(i) || second(i) }
	}
	return left
}

func (r *reading) both() condition {
	left := r.single()
	for r.take("AND") {
		first, second := left, r.single()
		left = func(i item) bool { return first(i) && second(i) }
	}
	return left
}

func (r *reading) single() condition {
	switch {
	case r.take("NOT"):
		not := r.single()
		return func(i item) bool { return !not(i) }
	case r.take("("):
		inner := r.either()
		r.expect(")")
		return inner
	case r.take("attribute_exists"):
		return r.exists(true)
	case r.take("attribute_not_exists"):
		return r.exists(false)
	}
	return r.comparison()
}

func (r *reading) exists(want bool) condition {
	r.expect("(")
	name := r.name()
	r.expect(")")
	return func(i item) bool {
		_, ok := i[name]
		return ok == want
	}
}

func (r *reading) comparison() condition {
	left, operator, right := r.operand(), r.next(), r.operand()
	met := map[string]func(int) bool{
		"=":  func(order int) bool { return order == 0 },
		"<":  func(order int) bool { return order < 0 },
		"<=": func(order int) bool { return order <= 0 },
		">":  func(order int) bool { return order > 0 },
		">=": func(order int) bool { return order >= 0 },
	}[operator]
	if met == nil {
		r.refuse("unknown operator: " + operator)
	}
	return func(i item) bool {
		a, here := left(i)
		b, there := right(i)
		order, alike := a.compare(b)
		return here && there && alike && met(order)
	}
}

func (r *reading) operand() func(item) (itemValue, bool) {
	if len(r.tokens) > 0 && r.tokens[0][0] == ':' {
		value := r.value()
		return func(item) (itemValue, bool) { return value, true }
	}
	name := r.name()
	return func(i item) (itemValue, bool) {
		a, ok := i[name]
		return a, ok
	}
}

func (r *reading) name() string {
	token := r.next()
	name, ok := r.ExpressionAttributeNames[token]
	if !ok {
		r.refuse("not a defined placeholder of a name: " + token)
	}
	r.used = append(r.used, token)
	return name
}

func (r *reading) value() itemValue {
	token := r.next()
	value, ok := r.ExpressionAttributeValues[token]
	if !ok {
		r.refuse("not a defined placeholder of a value: " + token)
	}
	r.used = append(r.used, token)
	return value
}
