package sim

import (
	"reflect"
	"unsafe"
)

// maxMessage is the most bytes of a message or of an element of a list: it is
// copied at each step of its way.
const maxMessage = 64

// mustBePlain panics unless T is small and free of pointers.
func mustBePlain[T any](what string, most uintptr) {
	var zero T
	t := reflect.TypeFor[T]()
	if unsafe.Sizeof(zero) > most || !plain(t) {
		fail("%s type %v must have no pointers and at most %d bytes, it has %d", what, t, most, unsafe.Sizeof(zero))
	}
}

func plain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return plain(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !plain(t.Field(i).Type) {
				return false
			}
		}
		return true
	default:
		return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Complex128 && t.Kind() != reflect.Uintptr
	}
}
