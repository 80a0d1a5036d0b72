package echov5urlr

import (
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/core"
)

func verify(r *http.Request, v *core.Verifier) (*core.Event, error) {
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &limitedBody{r.Body}
	}
	return v.VerifyRequest(r)
}

// A limitedBody is a body that Echo's BodyLimit may have limited. Reading beyond the limit returns
// an error with status 413.
type limitedBody struct{ io.ReadCloser }

// Read implements [io.Reader].
func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if echo.StatusCode(err) == http.StatusRequestEntityTooLarge {
		err = fmt.Errorf("%w: %w", core.ErrBodyTooLarge, err)
	}
	return n, err
}
