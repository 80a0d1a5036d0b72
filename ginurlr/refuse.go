package ginurlr

import (
	"errors"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/problem"
	"github.com/urlr-community/webhooks-go/internal/refusal"
)

// refuse responds to a request that was refused with err. If nothing were written, Gin would send
// 200.
func (cfg *Config) refuse(c *gin.Context, err error) {
	refusal.CloseUnread(c.Writer, c.Request)
	if c.Writer.Written() && errors.Is(err, core.ErrBodyTooLarge) { // see limitedBody
		attach(c, err)
		return
	}
	if cfg.ErrorHandler == nil {
		respond(c, err)
		return
	}
	status, errs := core.StatusCode(err), len(c.Errors)
	c.Status(status)
	cfg.ErrorHandler(c, err)
	switch {
	case c.Writer.Written() || c.Writer.Status() != status:
	case len(c.Errors) > errs: // other middleware can respond
	default:
		respond(c, err)
	}
}

func respond(c *gin.Context, err error) {
	attach(c, err)
	core.WriteProblem(c.Writer, err)
}

// attach attaches err to the context. It wraps err, because Gin would otherwise attach a
// [gin.Error] within err instead, whose text may be meant for the response.
func attach(c *gin.Context, err error) {
	_ = c.Error(&gin.Error{Err: publicError{err}, Type: gin.ErrorTypePrivate}) // it returns its argument
}

// A publicError has the text of the response, because some middleware responds with the text of
// attached errors. Only errors.Is and errors.As find the cause.
type publicError struct{ cause error }

func (e publicError) Error() string { return problem.For(core.Reason(e.cause)).Detail }

func (e publicError) Unwrap() error { return e.cause }
