package diagnose_test

import (
	"strings"
	"testing"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/diagnose"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// BenchmarkExplain measures the worst case: a signature that nothing explains.
func BenchmarkExplain(b *testing.B) {
	long := urlrtest.NewEvent()
	long.Referer = strings.Repeat("é/<", 60<<10/12)
	deep := []byte(`[[[[[[[` + strings.TrimSuffix(strings.Repeat("1,", 32000), ",") + `]]]]]]]`)
	for name, body := range map[string][]byte{
		"event":           urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest),
		"64 KiB":          urlrtest.Body(long, urlrtest.Latest),
		"64 KiB deep":     deep,
		"64 KiB form":     []byte(strings.Repeat("a=b&", 16<<10)),
		"64 KiB envelope": []byte(`[` + strings.TrimSuffix(strings.Repeat(`"{","{}",`, 7000), ",") + `]`),
		"64 KiB members":  []byte(`{` + strings.Repeat(`"a":0,`, 10_000) + `"event":""}`),
		"64 KiB objects":  []byte(`[` + strings.Repeat(`{"event":""},`, 5_000) + `{}]`),
		"64 KiB quotes":   []byte("{" + strings.Repeat(`'\`, 32<<10)),
		"64 KiB escapes":  []byte(strings.Repeat(`\"`, 32<<10)),
		"64 KiB numbers":  []byte(strings.Repeat("1 ", 32<<10)),
		"64 KiB entities": []byte(strings.Repeat("&amp;", 13<<10)),
		"1 MiB":           []byte(`["` + strings.Repeat("é/<", 1<<20/4-2) + `"]`),
		"1 MiB deep":      []byte(`[[[[[[[` + strings.TrimSuffix(strings.Repeat("1,", 500000), ",") + `]]]]]]]`),
	} {
		signature := core.Sign("unrelated", body)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				diagnose.Explain(body, signature, "whsec_test")
			}
		})
	}
}
