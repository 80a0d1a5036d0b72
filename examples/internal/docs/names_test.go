package docs

import "strings"

const module = "github.com/urlr-community/webhooks-go/"

// packages maps the names of packages that fragments can use without importing them.
var packages = map[string]string{
	"context": "context",
	"errors":  "errors",
	"http":    "net/http",
	"log":     "log",
	"os":      "os",
	"slog":    "log/slog",
	"sql":     "database/sql",
	"time":    "time",

	"httptest": "net/http/httptest",
	"message":  "github.com/ThreeDotsLabs/watermill/message",
	"redis":    "github.com/redis/go-redis/v9",

	"gin":   "github.com/gin-gonic/gin",
	"echo":  "github.com/labstack/echo/v4",
	"fiber": "github.com/gofiber/fiber/v2",

	"core":          module + "core",
	"dedupe":        module + "dedupe",
	"diagnose":      module + "diagnose",
	"nethttpurlr":   module + "nethttpurlr",
	"urlrtest":      module + "urlrtest",
	"ginurlr":       module + "ginurlr",
	"echourlr":      module + "echourlr",
	"echov5urlr":    module + "echov5urlr",
	"fiberurlr":     module + "fiberurlr",
	"fiberv3urlr":   module + "fiberv3urlr",
	"redisurlr":     module + "redisurlr",
	"sqlurlr":       module + "sqlurlr",
	"watermillurlr": module + "watermillurlr",
	"otelurlr":      module + "otelurlr",
}

// packagePath returns the path of the package that a fragment uses by a name. If a framework has
// two versions, it is the one for the adapter that the fragment uses.
func packagePath(name, fragment string) string {
	switch {
	case name == "echo" && strings.Contains(fragment, "echov5urlr."):
		return "github.com/labstack/echo/v5"
	case name == "fiber" && strings.Contains(fragment, "fiberv3urlr."):
		return "github.com/gofiber/fiber/v3"
	default:
		return packages[name]
	}
}

// given maps variables that fragments can use without declaring them to their types.
var given = map[string]string{
	"ctx":       "context.Context",
	"db":        "*sql.DB",
	"events":    "[]*core.Event",
	"guard":     "*dedupe.Guard",
	"mux":       "*http.ServeMux",
	"publisher": "message.Publisher",
	"r":         "*gin.Engine",
	"record":    "core.HandlerFunc",
	"router":    "http.Handler",
	"secret":    "string",
	"server":    "*http.Server",
}
