package ginurlr

import (
	"errors"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/problem"
	"github.com/urlr-community/webhooks-go/internal/refusal"
)

// refuse answers a request that was refused with err. Without an answer of ours, Gin would
// acknowledge it with 200.
func (cfg *Config) refuse(c *gin.Context, err error) {
	refusal.CloseUnread(c.Writer, c.Request)
	if c.Writer.Written() && errors.Is(err, core.ErrBodyTooLarge) { // see limitedBody
		attach(c, err)
		return
	}
	if cfg.ErrorHandler == nil {
		answer(c, err)
		return
	}
	status, errs := core.StatusCode(err), len(c.Errors)
	c.Status(status)
	cfg.ErrorHandler(c, err)
	switch {
	case c.Writer.Written() || c.Writer.Status() != status:
	case len(c.Errors) > errs: // other middleware can answer
	default:
		answer(c, err)
	}
}

func answer(c *gin.Context, err error) {
	attach(c, err)
	core.WriteProblem(c.Writer, err)
}

// attach attaches err to the context. Gin would look in err for a [gin.Error] to attach in its
// place, which may have been made to be answered.
func attach(c *gin.Context, err error) {
	_ = c.Error(&gin.Error{Err: publicError{err}, Type: gin.ErrorTypePrivate}) // it returns what it was given
}

// A publicError has the text that is answered. Only errors.Is and errors.As find the cause, since
// there is middleware that answers with the text of attached errors.
type publicError struct{ cause error }

func (e publicError) Error() string { return problem.For(core.Reason(e.cause)).Detail }

func (e publicError) Unwrap() error { return e.cause }
