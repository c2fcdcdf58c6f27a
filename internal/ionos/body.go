package ionos

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// isJSON reports whether a body is a JSON object or array by its first
// character. The Content-Type does not decide: gateways relabel responses.
func isJSON(body []byte) bool {
	start := bytes.TrimLeft(body, " \t\r\n")
	return len(start) > 0 && (start[0] == '{' || start[0] == '[')
}

// isCollection reports whether a body is a collection, which may leave out its
// items or have null in their place when it is empty.
func isCollection(body []byte) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return false
	}
	_, hasItems := fields["items"]
	return hasItems || string(fields["type"]) == `"collection"`
}

// decodeLenient decodes a body in which scalars have other types than the SDK
// expects: a boolean or a number as a string, or a string as a number.
// Mapstructure's weak decoding is no choice here: it also makes lists of what is
// none.
func decodeLenient(body []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return err
	}
	coerced, err := json.Marshal(coerce(tree, reflect.TypeOf(into)))
	if err != nil {
		return err
	}
	return json.Unmarshal(coerced, into)
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// coerce returns a decoded value with the scalars converted to what t expects.
// A value that cannot be converted is returned as it is.
func coerce(value any, t reflect.Type) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch value := value.(type) {
	case map[string]any:
		for name, child := range value {
			if field, found := fieldOf(t, name); found {
				value[name] = coerce(child, field)
			}
		}
	case []any:
		for i := range value {
			if t.Kind() == reflect.Slice {
				value[i] = coerce(value[i], t.Elem())
			}
		}
	case string:
		return coerceString(value, t)
	case json.Number:
		return coerceNumber(value, t)
	case bool:
		if t.Kind() == reflect.String {
			return strconv.FormatBool(value)
		}
	}
	return value
}

// fieldOf returns the type of the field that encoding/json decodes a name into.
func fieldOf(t reflect.Type, name string) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	field, found := t.FieldByNameFunc(func(candidate string) bool {
		field, _ := t.FieldByName(candidate)
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		return tag == name || tag == "" && strings.EqualFold(candidate, name)
	})
	return field.Type, found
}

func coerceString(text string, t reflect.Type) any {
	switch t.Kind() { //nolint:exhaustive // the others are no scalars of the APIs
	case reflect.Bool:
		if parsed, err := strconv.ParseBool(text); err == nil {
			return parsed
		}
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64:
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			return json.Number(text)
		}
	}
	return text
}

// coerceNumber returns nil in place of a time: its unit is not known.
func coerceNumber(number json.Number, t reflect.Type) any {
	switch {
	case reflect.PointerTo(t).Implements(unmarshaler):
		return nil
	case t.Kind() == reflect.String:
		return number.String()
	case t.Kind() == reflect.Bool:
		if parsed, err := strconv.ParseBool(number.String()); err == nil {
			return parsed
		}
	}
	return number
}
