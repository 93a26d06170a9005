// Package explore looks at everything that can happen to a small ring.
package explore
