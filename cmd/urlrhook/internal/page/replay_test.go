package page_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
)

func TestReplay(t *testing.T) {
	f := start(t)
	id := f.add(authentic())
	path := fmt.Sprintf("/deliveries/%d", id)
	token := f.csrf("1")
	same := map[string]string{"Origin": "http://" + f.host}

	a := f.do(http.MethodPost, path+"/replay", url.Values{"csrf": {token}, "url": {"http://app.test/hook"}}, same)
	assert.Equal(t, http.StatusSeeOther, a.StatusCode)
	assert.Equal(t, path, a.Header.Get("Location"))
	assert.Equal(t, []replayed{{ID: id, URL: "http://app.test/hook"}}, f.replayed())
	has(t, f.get(path).text, "replayed &lt;b&gt;well&lt;/b&gt;")

	for _, address := range []string{"", "ftp://app.test", "javascript:alert(1)", "//app.test", "http://",
		"http://:9180/", "file:///etc/passwd"} {
		a = f.do(http.MethodPost, path+"/replay", url.Values{"csrf": {token}, "url": {address}}, same)
		assert.Equal(t, http.StatusBadRequest, a.StatusCode, address)
		has(t, a.text, "is not the URL of an application: write it like http://")
	}
	a = f.do(http.MethodPost, "/deliveries/99/replay", url.Values{"csrf": {token}, "url": {target}}, same)
	assert.Equal(t, http.StatusNotFound, a.StatusCode)
	assert.Equal(t, http.StatusMethodNotAllowed, f.get(path+"/replay").StatusCode)
	assert.Len(t, f.replayed(), 1)
}

func TestAReplayThatFailsSaysWhy(t *testing.T) {
	f := start(t, func(c *page.Config) {
		c.Replay = func(context.Context, int64, *url.URL, []byte) error { return errors.New("only its <first> bytes") }
	})
	f.add(authentic())
	form := url.Values{"csrf": {f.csrf("1")}, "url": {"http://app.test/"}, "pane": {"1"}}
	a := f.do(http.MethodPost, "/deliveries/1/replay", form, map[string]string{"Sec-Fetch-Site": "same-origin"})
	assert.Equal(t, http.StatusBadGateway, a.StatusCode)
	has(t, a.text, `<p class="problem" role="alert">Not replayed: only its &lt;first&gt; bytes</p>`)
	has(t, a.text, `value="http://app.test/"`)
	lacks(t, a.text, "<!doctype")
}
