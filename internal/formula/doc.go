// Package formula turns a formula as one types it on a keyboard, such as
// « x^2 + 3/4 = √(a+b) », into MathML Core and into words. It is pure.
package formula
