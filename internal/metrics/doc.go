// Package metrics counts and times what the server does, for Prometheus, on a
// registry and a listener of its own. No label holds an id, an address, a name
// or a path: requests are labelled by the pattern of their route.
package metrics
