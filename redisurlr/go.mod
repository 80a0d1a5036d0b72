module github.com/urlr-community/webhooks-go/redisurlr

go 1.26.0

replace github.com/urlr-community/webhooks-go => ../

require (
	github.com/redis/go-redis/v9 v9.7.3
	github.com/stretchr/testify v1.12.1
	github.com/urlr-community/webhooks-go v0.0.0
)

require (
	github.com/cespare/xxhash/v2 v2.2.0 // indirect
	github.com/dgryski/go-rendezvous v0.0.0-20200823014737-9f7001d12a5f // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)
