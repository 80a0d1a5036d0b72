package page_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// show returns the page of a delivery.
func (f *fixture) show(d store.Delivery) string {
	f.t.Helper()
	return f.get(fmt.Sprintf("/deliveries/%d", f.add(d))).text
}

func TestADeliveryShowsEverything(t *testing.T) {
	f := start(t)
	d := authentic()
	d.Path, d.Answer = "/hook?a=1", store.Answer{
		At: time.Now(), By: "http://app.test/", Status: 503, Header: http.Header{"Retry-After": {"7"}},
		Body: []byte(`{"down":true}`), Duration: 1500 * time.Millisecond,
	}
	text := f.show(d)
	for _, want := range []string{
		`<span class="pill good">authentic</span>`, `<span class="pill bad">503</span>`, "Service Unavailable",
		"in 1.5 s",
		"POST /hook?a=1", "http://app.test/", "Retry-After",
		`<span class="json-key">&#34;down&#34;</span>: <span class="json-word">true</span>`, "{&#34;down&#34;:true}",
		"X-Signature", d.Header.Get("X-Signature"), "<code>raw</code>: the body as received",
		"<dt>link.label</dt><dd><bdi>Été 2026</bdi></dd>", "<dt>is_unique</dt><dd><bdi>true</bdi></dd>",
		`value="` + html.EscapeString(target) + `"`,
		`  <span class="json-key">&#34;label&#34;</span>: <span class="json-string">&#34;Été 2026&#34;</span>,`,
		"{&#34;event&#34;:&#34;link_clicked&#34;,",
	} {
		has(t, text, want)
	}
	lacks(t, text, "unverified")
	lacks(t, text, "No secret is set")
}

func TestAnAnswerThatCouldNotBeHad(t *testing.T) {
	f := start(t)
	d := authentic()
	has(t, f.show(d), "None yet.")
	d.Answer = store.Answer{At: time.Now(), By: "http://app.test/", Error: "connection refused"}
	text := f.show(d)
	has(t, text, `<span class="pill bad">no answer</span>`)
	has(t, text, "connection refused")
	d.Answer = store.Answer{At: time.Now(), Status: 204}
	has(t, f.show(d), "this listener: the delivery was not forwarded")
}

func TestAMismatchIsExplained(t *testing.T) {
	f := start(t)
	text := f.show(mismatch())
	for _, want := range []string{"Why the signature does not match", "<dt>Found</dt>", "<dt>Why</dt>",
		"<dt>Fix</dt>", "unverified claim", "<mark>"} {
		has(t, text, want)
	}
	keys := regexp.MustCompile(`<dt>Keys (?:received|signed)</dt><dd>(.*)</dd>`).FindAllStringSubmatch(text, -1)
	if assert.Len(t, keys, 2, "keys have moved: nearly every byte differs, and is not marked") {
		has(t, marked(keys[0][1]), "\x00browser\x00")
		has(t, keys[1][1], "<mark>")
	}
	lacks(t, text, "bytes are equal")
}

var pre = regexp.MustCompile(`(?s)<pre tabindex="0" aria-label="(?:Received|Signed)">(.*?)</pre>`)

func excerpts(text string) (received, signed string) {
	found := pre.FindAllStringSubmatch(text, -1)
	if len(found) != 2 {
		return "", ""
	}
	return found[0][1], found[1][1]
}

// marked returns each marked text between two NULs.
func marked(text string) string {
	var b strings.Builder
	for _, m := range regexp.MustCompile(`(?s)<mark>(.*?)</mark>`).FindAllStringSubmatch(text, -1) {
		b.WriteString("\x00" + html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[1], "")) + "\x00")
	}
	return b.String()
}

func TestDifferences(t *testing.T) {
	long := strings.Repeat("é", 400)
	f := start(t)
	for name, c := range map[string]struct{ signed, received, markedSigned, markedReceived string }{
		"bom":      {`{"event":"x"}`, "\ufeff" + `{"event":"x"}`, "", "\x00\\ufeff\x00"},
		"end":      {long, long + "\n", "", "\x00↵\n\x00"},
		"nothing":  {"", "x", "", "\x00x\x00"},
		"charset":  {"a é b", "a \xe9 b", "\x00é\x00", "\x00\\xe9\x00"},
		"line end": {"a\r\nbcdefg\r\n", "a\nbcdefg\n", "\x00␍\x00\x00␍\x00", ""},
		"far away": {`{"a": "` + long + `/", "b": "/"}`, `{"a":"` + long + `\/","b":"\/"}`, "\x00 \x00", ""},
	} {
		d := delivery([]byte(c.received), core.Sign(secret, []byte(c.signed)))
		d.Verdict = store.Refused
		received, signed := excerpts(f.show(d))
		assert.Equal(t, c.markedSigned, marked(signed), "%s: %s", name, signed)
		assert.Equal(t, c.markedReceived, marked(received), "%s: %s", name, received)
	}
}

func TestEverythingIsEscaped(t *testing.T) {
	f := start(t)
	const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>` + "\u202e"
	d := delivery([]byte(`{"event":"link_clicked","link":{"code":"<script>alert(1)</script>"},"timestamp":1}`+evil),
		evil)
	d.Verdict, d.Problem, d.Code, d.Country, d.Path, d.Remote = store.Refused, evil, evil, evil, evil, evil
	d.Header[evil] = []string{evil}
	d.Answer = store.Answer{At: time.Now(), By: evil, Error: evil, Header: http.Header{evil: {evil}},
		Body: []byte(evil)}
	id := f.add(d)
	for _, path := range []string{"/", "/rows", fmt.Sprintf("/deliveries/%d", id), fmt.Sprintf("/?open=%d", id),
		"/?code=" + strings.ReplaceAll(evil[:40], `"`, "%22")} {
		text := f.get(strings.ReplaceAll(path, "\u202e", "")).text
		lacks(t, text, "<script>", path)
		lacks(t, text, "<img", path)
		lacks(t, text, `="'`, path)
		if path != "/" && path != "/rows" && !strings.Contains(path, "code") {
			has(t, text, "\\u202e", "what turns the direction of writing is a sign")
		}
		lacks(t, text, "\u202e", path)
	}
}

func TestEventsInOtherForms(t *testing.T) {
	f := start(t)
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)
	d := delivery(urlrtest.Reencode(body), core.Sign(secret, body))
	d.Form = "php"
	text := f.show(d)
	has(t, text, "<code>php</code>: the body as PHP&#39;s json_encode writes it")
	has(t, text, "<bdi>Créhen</bdi>")
	lacks(t, text, "unverified")
}

// A sign is a separate element, because right-to-left text next to it would reverse it.
func TestSignsAreElements(t *testing.T) {
	d := authenticBody([]byte(`{"event":"link_clicked","link":{"code":"x","label":"שלום\u202eabc"}}`))
	d.Header.Set("X-Label", "שלום\u202e")
	text := start(t).show(d)
	has(t, text, `<bdi>שלום<span class="sign">\u202e</span>abc</bdi>`)
	has(t, text, `<bdi>שלום<span class="sign">\u202e</span></bdi>`)
}

func TestAnEventWithoutATimestamp(t *testing.T) {
	text := start(t).show(authenticBody([]byte(`{"event":"link_clicked","link":{"code":"x"}}`)))
	has(t, text, "link.code")
	lacks(t, text, "<dt>timestamp</dt>")
}

// The worst case: the application accepted a forged delivery.
func TestARefusedDeliveryThatWasAccepted(t *testing.T) {
	f := start(t)
	f.answer(f.add(mismatch()), 401)
	for _, path := range []string{"/rows", "/deliveries/1"} {
		lacks(t, f.get(path).text, "our application accepted this", path)
	}
	f.again(1, 204)
	has(t, f.get("/rows").text, `<b>your application accepted this</b>`)
	has(t, f.get("/deliveries/1").text, "Your application accepted this, although it is not authentic.")

	f = start(t)
	f.answer(f.add(mismatch()), 204)
	has(t, f.get("/rows").text, `<b>your application accepted this</b>`)
	has(t, f.get("/deliveries/1").text,
		"Your application accepted this: it answered 204 to a delivery that is not authentic.")
	for _, path := range []string{"/rows", "/deliveries/1"} {
		has(t, f.get(path).text, `<span class="pill warn">204</span>`, path)
	}
}

// The page does not repeat what the explanation says.
func TestAProblemIsSaidOnce(t *testing.T) {
	f := start(t)
	lacks(t, f.show(mismatch()), `<p class="problem">`)
	d := authentic()
	d.Verdict, d.Problem = store.Refused, "the secret was another one"
	has(t, f.show(d), `<p class="problem">the secret was another one</p>`)
}

func TestWithoutSecretNothingIsVerified(t *testing.T) {
	f := start(t, func(c *page.Config) { c.Secrets = nil })
	d := authentic()
	d.Verdict, d.Form = store.Unchecked, ""
	text := f.show(d)
	has(t, text, "No secret is set")
	has(t, text, "unverified claim")
	lacks(t, text, "Why the signature")
	d.Body = []byte("not JSON")
	lacks(t, f.show(d), "pretty-printed")
}

func TestADeliveryOfWhichOnlyTheFirstBytesWereKept(t *testing.T) {
	f := start(t)
	for _, length := range []int64{5 << 20, -1} {
		d := mismatch()
		d.Length = length
		text := f.show(d)
		has(t, text, "only its first bytes were kept")
		lacks(t, text, "Why the signature")
		lacks(t, text, `class="replay"`)
	}
}

func TestASecretThatIsRightNow(t *testing.T) {
	f := start(t)
	d := authentic()
	d.Verdict = store.Refused
	has(t, f.show(d), "The signature matches now")
	d = authenticBody([]byte("[]"))
	d.Verdict = store.Refused
	has(t, f.show(d), "The signature matches, but the body is no event")
}

func TestADeliveryWithoutSignature(t *testing.T) {
	d := delivery([]byte("{}"), "")
	d.Verdict = store.Refused
	text := start(t).show(d)
	has(t, text, `<h3 id="why">There is no signature</h3>`)
	lacks(t, text, "does not match")
}

func TestLargeBodies(t *testing.T) {
	f := start(t)
	d := authenticBody(make([]byte, 300<<10))
	text := f.show(d)
	has(t, text, "… and 236.0 KiB more")
	assert.Less(t, len(text), 1<<20)
	for name, body := range map[string]string{
		"deep":     strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
		"deep row": strings.Repeat("[", 99) + "1" + strings.Repeat(",1", 32_000) + strings.Repeat("]", 99),
	} {
		text = f.show(authenticBody([]byte(body)))
		lacks(t, text, "pretty-printed", name)
		assert.Less(t, len(text), 1<<20, "%s: indented, it would be megabytes", name)
	}
	has(t, f.show(authenticBody([]byte(`{"a":"`+strings.Repeat(`[\"`, 200)+`"}`))), "pretty-printed",
		"brackets in a string do not nest")
	text = f.show(authenticBody([]byte(strings.Repeat("\x01a", 32_000))))
	assert.Less(t, strings.Count(text, "<"), 10_000, "signs beside letters are no reason for an element each")
}

func TestSecretsAreNotShown(t *testing.T) {
	f := start(t, func(c *page.Config) { c.Secrets = append(c.Secrets, "another-secret-not-shown") })
	f.add(authentic())
	f.add(mismatch())
	other := delivery([]byte("{}"), core.Sign("another-secret-not-shown", []byte("{}")))
	other.Verdict = store.Refused
	f.add(other)
	for _, path := range []string{"/", "/rows", "/chart", "/deliveries/1", "/deliveries/2", "/deliveries/3"} {
		text := f.get(path).text
		lacks(t, text, secret, path)
		lacks(t, text, "another-secret-not-shown", path)
	}
	has(t, f.get("/deliveries/3").text, "Why the signature does not match")
}

// Undocumented values are shown as sent, and invalid JSON with the place where it breaks.
func TestADeliverySaysWhatIsOdd(t *testing.T) {
	text := start(t).show(authenticBody([]byte(`{"event":"link_clicked","link":{"code":["a"]},"timestamp":"<soon>"}`)))
	has(t, text, `<dt>link.code</dt><dd><bdi>[&#34;a&#34;]</bdi>`)
	has(t, text, `<dt>timestamp</dt><dd><bdi>&#34;&lt;soon&gt;&#34;</bdi>`)
	text = start(t).show(delivery([]byte(`{"event":"link_clicked","link":<html>`), "aa"))
	has(t, text, "Not JSON: invalid character &#39;&lt;&#39; looking for beginning of value, at byte 32 of 37, after “")
	lacks(t, start(t).show(authentic()), "Not JSON")
}

// The verdict, the reason and the answer come before the event.
func TestTheAnswerComesBeforeTheEvent(t *testing.T) {
	text := start(t).show(mismatch())
	order := []string{`class="pill bad">refused`, "Why the signature does not match", "<h3>Answer</h3>",
		`class="replay"`, "<h3>Event", "<h3>Body</h3>", "<h3>Headers</h3>"}
	for i := 1; i < len(order); i++ {
		assert.Less(t, strings.Index(text, order[i-1]), strings.Index(text, order[i]), order[i])
	}
}
