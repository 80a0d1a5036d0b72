package main

import (
	_ "github.com/chromedp/chromedp"
	_ "github.com/fatih/color"
	_ "github.com/schollz/progressbar/v3"
	_ "github.com/stretchr/testify/assert"
	_ "github.com/urfave/cli/v3"
	_ "github.com/urlr-community/webhooks-go/core"
	_ "golang.org/x/term"
	_ "modernc.org/sqlite"
)

func main() {}
