package page_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// idsIn returns the IDs of JSON objects, one per line.
func idsIn(t *testing.T, text string) (ids []int64) {
	t.Helper()
	for line := range strings.Lines(text) {
		var object struct {
			ID int64 `json:"id"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &object))
		ids = append(ids, object.ID)
	}
	return ids
}

func TestAPI(t *testing.T) {
	f := start(t)
	f.answer(f.add(authentic()), 204)
	f.answer(f.add(mismatch()), 401)
	f.again(2, 500)
	f.add(authentic())

	a := f.get("/api/deliveries")
	assert.Equal(t, "application/x-ndjson", a.Header.Get("Content-Type"))
	assert.Equal(t, []int64{3, 2, 1}, idsIn(t, a.text))
	for query, want := range map[string][]int64{
		"limit=1": {3}, "before=3": {2, 1}, "after=1&limit=500": {3, 2}, "verdict=refused": {2}, "status=failed": {3,
			2}, "status=replayed": {2},
		"code=yBPhx&country=fr&status=2xx": {1}, "code=none": nil,
	} {
		assert.Equal(t, want, idsIn(t, f.get("/api/deliveries?"+query).text), query)
	}
	for _, query := range []string{"verdict=good", "status=9", "limit=x", "limit=-1", "before=a", "nonsense=1"} {
		assert.Equal(t, http.StatusBadRequest, f.get("/api/deliveries?"+query).StatusCode, query)
	}

	a = f.get("/api/deliveries/2")
	assert.Equal(t, "application/json", a.Header.Get("Content-Type"))
	var d struct {
		Verdict     string
		Body        string
		Replays     []struct{ Status int }
		Explanation struct{ Cause string }
	}
	require.NoError(t, json.Unmarshal([]byte(a.text), &d))
	assert.Equal(t, "refused", d.Verdict)
	assert.Equal(t, string(mismatch().Body)[:10], d.Body[:10])
	assert.Equal(t, []struct{ Status int }{{500}}, d.Replays)
	assert.Equal(t, "key-order", d.Explanation.Cause)
	lacks(t, a.text, secret)
	for _, id := range []string{"99", "x", "-1"} {
		assert.Equal(t, http.StatusNotFound, f.get("/api/deliveries/"+id).StatusCode, id)
	}
}

// The API is behind the guard of the page.
func TestTheAPIIsGuarded(t *testing.T) {
	f := start(t, withToken("open-sesame"))
	f.add(authentic())
	for _, path := range []string{"/api/deliveries", "/api/deliveries/1"} {
		assert.Equal(t, http.StatusUnauthorized, f.get(path).StatusCode)
		assert.Equal(t, http.StatusMisdirectedRequest,
			f.do(http.MethodGet, path, nil, map[string]string{"Host": "evil.test"}).StatusCode)
	}
	open := start(t)
	open.add(authentic())
	for _, header := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, {"Sec-Fetch-Site": "same-site"},
		{"Sec-Fetch-Site": "cross-site"},
	} {
		assert.Equal(t, http.StatusForbidden, open.do(http.MethodGet, "/api/deliveries/1", nil, header).StatusCode,
			header)
	}
}
