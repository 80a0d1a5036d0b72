package page_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const patience = 60 * time.Second

// browser is one Chromium for all tests. Each has a context of its own in it, with its own cookies.
var browser struct {
	start sync.Once
	ctx   context.Context
	err   error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if browser.ctx != nil {
		_ = chromedp.Cancel(browser.ctx)
	}
	os.Exit(code)
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func startBrowser(path string) {
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	allocator, _ := chromedp.NewExecAllocator(context.Background(), opts...)
	browser.ctx, _ = chromedp.NewContext(allocator)
	browser.err = chromedp.Do(browser.ctx)
}

// A tab is a browser tab whose console must stay empty.
type tab struct {
	*fixture
	ctx context.Context

	mu       sync.Mutex
	troubles []string
	expected *regexp.Regexp // may be nil
}

// openTab opens a tab for a page, 1280 pixels wide.
func openTab(t *testing.T, f *fixture) *tab {
	t.Helper()
	path := findBrowser()
	switch {
	case testing.Short():
		t.Skip("a browser takes long")
	case path == "" && os.Getenv("CI") != "":
		t.Fatal("no Chromium: CI must have one")
	case path == "":
		t.Skip("no Chromium, so the page is not tested in a browser: install chromium")
	}
	browser.start.Do(func() { startBrowser(path) })
	require.NoError(t, browser.err)

	ctx, cancel := chromedp.NewContext(browser.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, patience)
	t.Cleanup(stop)
	b := &tab{fixture: f, ctx: ctx}
	require.NoError(t, chromedp.Listen(ctx, b.listen))
	_, err := chromedp.Call(ctx, log.Enable, cdp.Empty{})
	require.NoError(t, err)
	b.run(chromedp.EmulateViewport(1280, 800), chromedp.Navigate(f.server.URL+"/"))
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		assert.Empty(t, b.troubles, "console")
	})
	return b
}

// listen collects what a console would show: exceptions, CSP violations, failed requests and
// dialogs.
func (b *tab) listen(event any) {
	var text string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		text = fmt.Sprintf("console.%s", e.Type)
	case *log.EventEntryAdded:
		text = fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
	case *page.EventJavascriptDialogOpening:
		text = "dialog: " + e.Message
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.expected == nil || !b.expected.MatchString(text) {
		b.troubles = append(b.troubles, text)
	}
}

func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, actions...))
}

// eval returns the value of a JavaScript expression, as text.
func (b *tab) eval(expression string) string {
	b.t.Helper()
	result, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	require.NoError(b.t, err, expression)
	return result
}

// until waits for an expression to be true, on this page or the next.
func (b *tab) until(expression string) {
	b.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		if err == nil && ok {
			return
		}
		if time.Now().After(deadline) || b.ctx.Err() != nil {
			b.t.Fatalf("%s: %v; the page says %.600q", expression, err, b.eval("document.body?.innerText"))
		}
	}
}

// receive waits for a request that the server holds.
func (b *tab) receive(arrived <-chan struct{}) {
	b.t.Helper()
	select {
	case <-arrived:
	case <-b.ctx.Done():
		b.t.Fatal("the page asks for nothing")
	}
}

// untilAnswered waits until the page has read the answer to a request that it has made already.
func (b *tab) untilAnswered(prefix string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`performance.getEntriesByType("resource").some(e => e.responseEnd && e.name.startsWith(location.origin + %q))`, prefix))
	b.frames()
}

// frames waits until the browser has drawn and scrolled.
func (b *tab) frames() {
	b.t.Helper()
	const drawn = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`
	_, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](drawn, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err)
}

func (b *tab) visit(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.server.URL + path))
}

func (b *tab) press(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		b.run(chromedp.KeyEvent(key))
	}
}

// slash presses the key like a keyboard: a field that gets the focus from it gets no text.
func (b *tab) slash() {
	b.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown,
		input.DispatchKeyEventTypeKeyUp} {
		event := input.DispatchKeyEventParams{Type: kind, Key: "/", Code: "Slash"}
		if kind == input.DispatchKeyEventTypeKeyDown {
			event.Text = "/"
		}
		_, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, event)
		require.NoError(b.t, err)
	}
}

// emulate sets the color scheme that a person prefers: "light" or "dark".
func (b *tab) emulate(scheme string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	require.NoError(b.t, err)
}

func (b *tab) withoutScript() {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true})
	require.NoError(b.t, err)
}

func (b *tab) timezone(name string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name})
	require.NoError(b.t, err)
}

// expect allows the console to show, or have shown, what matches.
func (b *tab) expect(pattern string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expected = regexp.MustCompile(pattern)
	b.troubles = slices.DeleteFunc(b.troubles, b.expected.MatchString)
}
