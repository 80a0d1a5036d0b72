package ginurlr

import (
	"fmt"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/core"
)

func verify(c *gin.Context, v *core.Verifier) (*core.Event, error) {
	if r := c.Request; r.Body != nil && r.Body != http.NoBody {
		r.Body = &limitedBody{r.Body, c.Writer}
	}
	return v.VerifyRequest(c.Request)
}

// A limitedBody is a body that middleware may have limited. gin-contrib/size sends a 413 response
// while the body is being read, and returns an untyped error.
type limitedBody struct {
	io.ReadCloser
	response gin.ResponseWriter
}

// Read implements [io.Reader].
func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && b.response.Written() && b.response.Status() == http.StatusRequestEntityTooLarge {
		err = fmt.Errorf("%w: %w", core.ErrBodyTooLarge, err)
	}
	return n, err
}
