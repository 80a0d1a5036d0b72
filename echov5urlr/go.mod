module github.com/urlr-community/webhooks-go/echov5urlr

go 1.26.0

replace github.com/urlr-community/webhooks-go => ../

require (
	github.com/labstack/echo/v5 v5.4.3
	github.com/stretchr/testify v1.12.1
	github.com/urlr-community/webhooks-go v0.0.0
)

require (
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/time v0.15.0 // indirect
)
