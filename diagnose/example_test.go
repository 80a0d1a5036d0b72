package diagnose_test

import (
	"fmt"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/diagnose"
)

// A delivery was saved with an editor that adds a byte order mark, and sent again.
func ExampleExplain() {
	signed := []byte(`{"event":"link_clicked","link":{"code":"yBPhx"}}`)
	saved := append([]byte("\ufeff"), signed...)

	fmt.Print(diagnose.Explain(saved, core.Sign("whsec_test", signed), "whsec_test"))
	// Output:
	// The signature does not match the body.
	// Cause: byte-order-mark
	// Found: The signature matches if the byte order mark before the body is removed.
	// Why:   Editors and tools on Windows begin files with a byte order mark; others remove it.
	// Fix:   Save the body as UTF-8 without BOM, and let nothing decode it before it is verified.
	// Body:  51 bytes, not valid JSON
}

// A script can check the cause.
func ExampleReport() {
	body := []byte(`{"event":"link_clicked"}`)
	report := diagnose.Explain(body, core.Sign("old", body), "new", "old")
	fmt.Println(report.Authentic, report.Cause, report.SecretIndex)
	// Output: false another-secret 1
}
