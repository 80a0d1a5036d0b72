// Compares package jsondoc with another implementation. It is a module of its own, so that no user
// of this repository gets that one.
module github.com/urlr-community/webhooks-go/internal/jsondoc/oracle

go 1.26.0

require (
	github.com/go-json-experiment/json v1.27.2
	github.com/stretchr/testify v1.12.1
	github.com/urlr-community/webhooks-go v0.0.0
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect

replace github.com/urlr-community/webhooks-go => ../../..
