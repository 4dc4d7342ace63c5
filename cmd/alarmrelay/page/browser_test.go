//go:build browser

package page_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// command is alarmrelay, built once for all tests.
var command = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "alarmrelay-page")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "alarmrelay")
	if out, err := exec.Command("go", "build", "-o", binary, "alarmrelay/cmd/alarmrelay").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the command: %w\n%s", err, out)
	}
	return binary, nil
})

// browser is one for all tests: each has a tab of its own.
var browser context.Context

func TestMain(m *testing.M) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("lang", "en-US"))
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	var stop context.CancelFunc
	browser, stop = chromedp.NewContext(allocator)
	if err := chromedp.Do(browser); err != nil {
		fmt.Fprintln(os.Stderr, "start a browser:", err)
		os.Exit(1)
	}
	code := m.Run()
	stop()
	stopAllocator()
	if binary, err := command(); err == nil {
		_ = os.RemoveAll(filepath.Dir(binary))
	}
	os.Exit(code)
}

// startDemo starts the command with its page and returns where that is. It ends with the test, or when end is called.
func startDemo(t *testing.T, address, config string) (url string, end func()) {
	t.Helper()
	binary, err := command()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	args := []string{"demo", "--no-browser", "--addr", address}
	if config != "" {
		path := filepath.Join(t.TempDir(), "alarmrelay.yaml")
		if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", path)
	}
	c := exec.CommandContext(ctx, binary, args...)
	c.Dir = t.TempDir()
	c.Stderr = t.Output()
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	end = sync.OnceFunc(func() { cancel(); _ = c.Wait() })
	t.Cleanup(end)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the demo said nothing: %v", err)
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "the demo is at ")), end
}

// tab is a tab of the browser that shows the demo. Whatever it asks of anybody else, and whatever it complains of, fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string

	mu     sync.Mutex
	faults []string
	quiet  bool // the demo is being started anew: that it does not answer is no fault
}

// openTab shows a demo in a window of a size.
func openTab(t *testing.T, url string, width, height int64) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, url: url}
	err := chromedp.Listen(ctx, b.hear)
	if err == nil {
		_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	}
	if err == nil {
		_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	}
	if err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(url))
	b.wait(`document.querySelector("#connection.on") && document.querySelectorAll("#sample-list [role=option]").length > 100`)
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, f := range b.faults {
			t.Error(f)
		}
	})
	return b
}

// hear notes what should not be.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, b.url+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") {
			b.faults = append(b.faults, "the page asks for "+u)
		}
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, "the page fails: "+e.ExceptionDetails.Text+" "+exception(e.ExceptionDetails))
	case *log.EventEntryAdded:
		// A picture of a message may be asked for when the channels have just been emptied.
		gone := strings.Contains(e.Entry.URL, "/api/file/") && strings.Contains(e.Entry.Text, "404")
		if !b.quiet && !gone && (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) {
			b.faults = append(b.faults, "the browser complains: "+e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// run runs a piece of JavaScript.
func (b *tab) run(format string, values ...any) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(format, values...)))
}

// read evaluates a piece of JavaScript.
func read[T any](b *tab, script string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return value
}

// patience is longer than any machine needs.
var patience = flag.Duration("patience", 2*time.Minute, "how long the page may take to show something")

// wait waits until a condition is true.
func (b *tab) wait(condition string) {
	b.t.Helper()
	until := chromedp.Poll[chromedp.Void]("Boolean("+condition+")", chromedp.WithPollingTimeout(*patience), chromedp.WithPollingInterval(20*time.Millisecond))
	if err := chromedp.Do(b.ctx, until); err != nil {
		b.t.Fatalf("it was never so: %s: %v\nThe page says:\n%s", condition, err, read[string](b, `document.body.innerText`))
	}
}

// click clicks on what can be seen, wherever the page has moved it meanwhile.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`document.querySelector(%q)?.checkVisibility()`, selector))
	b.run(`document.querySelector(%q).click()`, selector)
}

// press has a key be pressed.
func (b *tab) press(key string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(key))
}

// set sets a control to a value.
func (b *tab) set(selector, value string) {
	b.t.Helper()
	b.run(`(() => {
		const e = document.querySelector(%q);
		e.value = %q;
		for (const kind of ["input", "change"]) e.dispatchEvent(new Event(kind, { bubbles: true }));
	})()`, selector, value)
}

// write replaces the text of an editor, which stands in a shadow tree, as somebody does who pastes it.
func (b *tab) write(editor, text string) {
	b.t.Helper()
	b.run(`document.querySelector(%q).shadowRoot.querySelector(".cm-content").focus()`, editor)
	b.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.KeyEvent(kb.Backspace))
	b.insert(text)
}

// insert puts a text where the cursor is.
func (b *tab) insert(text string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		b.t.Fatal(err)
	}
}

// send chooses a sample in the list and sends it.
func (b *tab) send(sample string) {
	b.t.Helper()
	b.run(`document.getElementById(%q).click()`, "sample-"+sample)
	b.click("#sample-send")
}

// seen is a message as somebody sees it.
type seen struct {
	ID, Text string
	Edits    string
	Bars     []string // the colours of its bars
	Pinging  bool
}

// messages are what the live channel of a service shows.
func (b *tab) messages(service string) []seen {
	b.t.Helper()
	return read[[]seen](b, fmt.Sprintf(`[...document.querySelectorAll("#live-%s article")].map((a) => ({
		id: a.dataset.message, edits: a.dataset.edits, text: a.querySelector(":scope > .row").innerText, pinging: a.classList.contains("pinging"),
		bars: [...a.querySelectorAll(":scope > .row discord-embed")].map((e) => e.getAttribute("color"))
			.concat([...a.querySelectorAll(":scope > .row .slack-bar")].map((e) => getComputedStyle(e).backgroundColor)),
	}))`, service))
}

// waitMessages waits until a channel shows a text so many times.
func (b *tab) waitMessages(service, text string, times int) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`[...document.querySelectorAll("#live-%s article > .row")].filter((r) => r.innerText.includes(%q)).length >= %d`, service, text, times))
}

func exception(d *runtime.ExceptionDetails) string {
	if d.Exception == nil {
		return ""
	}
	return d.Exception.Description
}
