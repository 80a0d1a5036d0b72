// Prepares, rehearses and tags releases, and checks the API. Nobody imports it.
module github.com/urlr-community/webhooks-go/tools/release

go 1.26.0

require golang.org/x/mod v0.42.0

require golang.org/x/tools v0.52.0 // indirect
