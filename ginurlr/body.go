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

// A limitedBody is a body that middleware may have limited. That of gin-contrib/size answers with
// 413 itself, while the body is being read, and returns an error without a type.
type limitedBody struct {
	io.ReadCloser
	answer gin.ResponseWriter
}

// Read implements [io.Reader].
func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && b.answer.Written() && b.answer.Status() == http.StatusRequestEntityTooLarge {
		err = fmt.Errorf("%w: %w", core.ErrBodyTooLarge, err)
	}
	return n, err
}
