// Command licences looks at everything that the binary and the web client ship:
// the Go modules behind `go list -deps ./cmd/preau` and the production packages
// of web/package-lock.json.
//
//	licences check    fails when a licence is not on the allow-list
//	licences notice   writes NOTICE and build/sbom.cdx.json (CycloneDX 1.6)
package main
