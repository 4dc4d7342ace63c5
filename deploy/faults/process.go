package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"alarmrelay/deploy/judge"
	"alarmrelay/deploy/mapping"
	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay/cloud"
	"alarmrelay/relay/fake"
)

const (
	// functionTimeout is shorter than template.yaml's, and all other times with it: a day of
	// faults has to pass in minutes.
	functionTimeout = 6 * time.Second
	visibility      = 3 * functionTimeout
	tableName       = "incidents"
)

// processRun is a run with the function's real binary.
type processRun struct {
	options
	town    *town
	weather *weather
	table   *fake.DynamoDB
	sqs     *fake.SQS
	paths   map[*fake.Queue]string // of the queues' URLs
	fronts  []*mapping.Front
	mapping *mapping.Mapping
	meter   *meter
	folder  string

	mu     sync.Mutex
	random *rand.Rand
	sent   sent
}

// runProcesses runs the real function in its faults' company and returns what came of it.
func runProcesses(ctx context.Context, o options, progress io.Writer) (report, error) {
	fmt.Fprintln(progress, "building the function")
	binary, err := mapping.Build(ctx)
	if err != nil {
		return report{}, err
	}
	r, err := newProcessRun(o, binary)
	if err != nil {
		return report{}, err
	}
	defer r.close()
	return r.run(ctx, progress)
}

func newProcessRun(o options, binary string) (*processRun, error) {
	folder, err := os.MkdirTemp("", "faults-")
	if err != nil {
		return nil, err
	}
	r := &processRun{
		options: o, folder: folder, town: newTown(o.seed, visibility, false), meter: newMeter(o.log), sqs: fake.NewSQS(),
		table: fake.NewDynamoDB(fake.Options{}, tableName, "open"), random: rand.New(rand.NewPCG(o.seed, 3)),
	}
	r.weather = newWeather(r.town, o.seed, climate{
		chat: 0.2, store: 0.03, queue: 0.03, wait: 3 * time.Second, every: 10 * time.Second, lasts: 5 * time.Second,
		tidied: 6 * time.Second,
	})
	r.paths = map[*fake.Queue]string{r.town.queue: r.sqs.Add(r.town.queue), r.town.dead: r.sqs.Add(r.town.dead)}
	r.mapping = mapping.New(mapping.Options{
		Binary: binary, Instances: o.instances, Timeout: functionTimeout, Queue: r.town.queue,
		Env: r.environment, Output: r.meter.open, Began: r.begin,
	})
	return r, r.openFronts()
}

func (r *processRun) openFronts() error {
	world := mapping.World{
		Discord: befalling(r.weather, formatter.ServiceDiscord, r.town.discord),
		Slack:   befalling(r.weather, formatter.ServiceSlack, r.town.slack),
		Queues:  r.weather.troubling("queue", r.sqs, r.weather.o.queue, queueFaults),
		Table:   r.weather.troubling("store", r.table, r.weather.o.store, storeFaults),
	}
	var hosts []string
	for n := range r.instances {
		f := mapping.NewFront(world, func() { r.mapping.Kill(n) })
		r.fronts = append(r.fronts, f)
		hosts = append(hosts, f.Host())
	}
	config := r.town.config(thresholds{window: "10s", first: "200ms", longest: "2s", giveUp: "2m", flap: "12s", repeat: "5s"}, hosts...)
	return os.WriteFile(r.config(), []byte(config), 0o600)
}

func (r *processRun) config() string { return filepath.Join(r.folder, "alarmrelay.yaml") }

// environment is what an instance of a slot finds.
func (r *processRun) environment(slot, life int) []string {
	front := r.fronts[slot].URL()
	env := []string{
		"ALARMRELAY_CONFIG=" + r.config(), "ALARMRELAY_TABLE=" + tableName,
		"ALARMRELAY_QUEUE_URL=" + front + r.paths[r.town.queue],
		"ALARMRELAY_DEAD_LETTER_QUEUE_URL=" + front + r.paths[r.town.dead],
		"AWS_ENDPOINT_URL=" + front, "AWS_SECRET_ACCESS_KEY=made-up", "AWS_SESSION_TOKEN=made-up",
		fmt.Sprintf("AWS_ACCESS_KEY_ID=SLOT%dLIFE%d", slot, life),
	}
	for name, address := range r.town.addresses(front, front, front) {
		env = append(env, name+"="+address)
	}
	return env
}

// begin decides when an invocation's instance is killed, if at all.
func (r *processRun) begin(c *mapping.Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var strike mapping.Strike
	if r.weather.chance(0.06) {
		strike = mapping.Strike{Request: 1 + r.random.IntN(12), Done: r.random.IntN(2) == 0}
	}
	r.fronts[c.Slot].Begin(c.ID, strike)
	if r.weather.chance(0.03) {
		time.AfterFunc(time.Duration(r.random.Int64N(int64(functionTimeout/2))), func() { r.mapping.Kill(c.Slot) })
	}
}

// run sends the day's parcels, waits until the queue is empty, and has everything judged.
func (r *processRun) run(ctx context.Context, progress io.Writer) (report, error) {
	ctx, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	began := time.Now()
	parcels := traffic.Day(traffic.Options{
		Rand: rand.New(rand.NewPCG(r.seed, 4)), Start: began, Alarms: r.alarms, Span: r.span,
		Routes: routes, Drift: 2 * time.Second, Gap: 8 * time.Second, Flap: 12 * time.Second,
	})
	var wait sync.WaitGroup
	running, stop := context.WithCancel(ctx)
	var failed error
	wait.Go(func() { failed = r.mapping.Run(running); stop() })
	wait.Go(func() { r.weather.rage(running) })
	wait.Go(func() { r.weather.tidy(running) })
	wait.Go(func() {
		for sleep(running, 2*time.Second) == nil {
			r.tick(running)
		}
	})
	wait.Go(func() {
		if sleep(running, r.span*3/4) == nil {
			r.town.ruin()
		}
	})
	r.sent.send(running, began, parcels, r.town.queue, r.invoke)
	fmt.Fprintln(progress, "everything is sent: waiting for the queue to become empty")
	time.AfterFunc(r.span/2, r.weather.settle)
	r.drain(running)
	for range lastTicks {
		r.tick(running)
	}
	stop()
	wait.Wait()
	if failed != nil {
		return report{}, failed
	}
	return r.report(time.Since(began))
}

// tick has the function look after what is open. One that fails is made up for by the next.
func (r *processRun) tick(ctx context.Context) { _, _ = r.mapping.Direct(ctx, 0, []byte(tickEvent)) }

// invoke hands an event to the function until that has put it into the queue, as Lambda and CloudWatch Logs do.
func (r *processRun) invoke(ctx context.Context, n int, p traffic.Parcel) {
	for ctx.Err() == nil {
		call, err := r.mapping.Direct(ctx, n, []byte(p.Body))
		if err != nil {
			return // Run says why
		}
		if call.End == mapping.Answered {
			r.sent.accept(p)
			return
		}
		if sleep(ctx, 500*time.Millisecond) != nil {
			return
		}
	}
}

// drain returns when the queue holds nothing any more.
func (r *processRun) drain(ctx context.Context) {
	for r.town.queue.Len() > 0 && sleep(ctx, 100*time.Millisecond) == nil {
	}
}

func (r *processRun) report(took time.Duration) (report, error) {
	evidence := judge.Evidence{
		Parcels: r.sent.parcels, Places: r.town.places(), Calls: map[string]judge.Call{},
		Queue: held(r.town.queue), Letters: held(r.town.dead),
	}
	out := report{Mode: "processes", Seed: r.seed, Alarms: r.alarms, Took: took, Faults: r.weather.met, Counted: r.meter.sum("Doubtful"), Said: r.meter.errors}
	var asked []mapping.Asked
	for _, f := range r.fronts {
		asked = append(asked, f.Asked()...)
	}
	troubles := unanswered(asked)
	for _, a := range asked {
		if !a.OK && a.Operation == "SendMessage" {
			evidence.LetterTrouble = append(evidence.LetterTrouble, judge.Trouble{At: a.At, Place: a.Destination})
		}
	}
	for _, c := range r.mapping.Calls() {
		stopped := c.End == mapping.Killed || c.End == mapping.TimedOut
		evidence.Calls[c.ID] = judge.Call{Began: c.Began, Ended: c.Began.Add(c.Took), Stopped: stopped, Trouble: troubles[c.ID]}
		out.Invocations++
		switch c.End {
		case mapping.Killed:
			out.Killed++
		case mapping.TimedOut:
			out.TimedOut++
		}
	}
	out.Peak = r.mapping.Peak()
	var err error
	evidence.Kept, err = r.memories()
	out.judge(evidence, r.trace)
	return out, err
}

// memories reads the table as an instance does, which finds it by its environment.
func (r *processRun) memories() ([]judge.Memory, error) {
	for _, variable := range append(r.environment(0, 0), "AWS_REGION=us-east-1") {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
			if err := os.Setenv(name, value); err != nil {
				return nil, err
			}
		}
	}
	return r.town.memories(context.Background(), cloud.NewTable(tableName, cloud.FromEnvironment, time.Now), r.sent.parcels)
}

// unanswered are the requests to the table that came to nothing, also when they were made again, by invocation.
func unanswered(asked []mapping.Asked) map[string][]judge.Trouble {
	type question struct{ call, destination, operation string }
	last := map[question]int{}
	for i, a := range asked {
		if a.Operation == "SendMessage" {
			continue
		}
		if a.OK {
			last[question{a.Call, a.Destination, kindOf(a.Operation)}] = i + 1
		}
	}
	troubles := map[string][]judge.Trouble{}
	for i, a := range asked {
		if !a.OK && a.Operation != "SendMessage" && last[question{a.Call, a.Destination, kindOf(a.Operation)}] <= i {
			troubles[a.Call] = append(troubles[a.Call], judge.Trouble{At: a.At, Place: a.Destination})
		}
	}
	return troubles
}

// kindOf is whether an operation reads or writes.
func kindOf(operation string) string {
	if operation == "PutItem" || operation == "TransactWriteItems" {
		return "write"
	}
	return "read"
}

func (r *processRun) close() {
	r.town.close()
	r.table.Close()
	r.sqs.Close()
	for _, f := range r.fronts {
		f.Close()
	}
	_ = os.RemoveAll(r.folder) // what is left lies in the system's temporary folder
}
