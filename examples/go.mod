module github.com/urlr-community/webhooks-go/examples

go 1.26.0

replace github.com/urlr-community/webhooks-go => ../

require github.com/urlr-community/webhooks-go v0.0.0
