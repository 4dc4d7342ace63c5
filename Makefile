# alarmrelay: every target works on a machine with Go, make and a C compiler (-race needs one).

ARCH        ?= arm64
VERSION     ?= dev
FUZZSECONDS ?= 15

GOFUMPT     := mvdan.cc/gofumpt@v0.12.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOLANGCI_VERSION := v2.15.0
GOLANGCI    := .cache/bin/golangci-lint-$(GOLANGCI_VERSION)

# -s -w -buildid= and -trimpath: the same sources give the same bytes, wherever they are built.
# lambda.norpc drops the old RPC mode of Lambda's runtime, and net/rpc and html/template with it.
FUNCTION := -trimpath -buildvcs=false -tags lambda.norpc -ldflags "-s -w -buildid= -X main.version=$(VERSION)"

# Where the function goes.
BOOTSTRAP ?= build/$(ARCH)/bootstrap

.PHONY: help build bootstrap test lint fuzz bench storm faults demo
.PHONY: build-RelayFunction validate e2e e2e-template e2e-rie e2e-pipeline e2e-page page pictures
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

build: ## build/alarmrelay, the command for this machine
	go build -trimpath -buildvcs=false -ldflags "-X main.version=$(VERSION)" -o build/alarmrelay ./cmd/alarmrelay

bootstrap: ## build/$ARCH/bootstrap, the function for Lambda (ARCH=arm64 or amd64)
	CGO_ENABLED=0 GOOS=linux GOARCH=$(ARCH) go build $(FUNCTION) -o "$(BOOTSTRAP)" ./cmd/lambda

# "sam build" runs this for the resource RelayFunction of template.yaml.
build-RelayFunction:
	@deploy/function

test: ## every test, with the race detector, in random order
	go test -race -shuffle=on ./...

lint: $(GOLANGCI) ## gofumpt, go vet, staticcheck, golangci-lint
	@unformatted=$$(go run $(GOFUMPT) -l *.go */) || exit 1; \
	  [ -z "$$unformatted" ] || { echo "not formatted with gofumpt:"; echo "$$unformatted"; exit 1; }
	go vet -tags browser ./...
	go run $(STATICCHECK) -tags browser ./...
	$(GOLANGCI) run

$(GOLANGCI):
	GOBIN="$(CURDIR)/.cache/bin" go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv .cache/bin/golangci-lint $@

fuzz: ## every fuzz target for about FUZZSECONDS each
	.ci/fuzz $(FUZZSECONDS)

bench: ## the measurements, as one table
	go run ./deploy/bench

storm: ## many alarms at once, as one table
	go run ./deploy/storm

faults: ## a day of faults with the real function, and a judge
	go run ./deploy/faults

demo: ## the whole relay on this machine: no account, no webhook
	go run ./cmd/alarmrelay demo

page: ## the demo's page, built from its sources with Node into what is committed
	cd cmd/alarmrelay/page/web && npm ci && npm run check && npm test && npm run build

pictures: ## docs/images, taken of the demo's story
	go test -tags browser -count=1 -run '^TestTheStoryIsSeenToItsEnd$$' ./cmd/alarmrelay/page -args -pictures "$(CURDIR)/docs/images"

validate: ## is template.yaml right? In a few seconds, without an account
	SAM_CLI_TELEMETRY=0 "$$(deploy/e2e/tools sam)/sam" validate --lint --template template.yaml --region us-east-1

e2e: e2e-template e2e-rie e2e-pipeline ## the proof, without AWS and without Docker: the three that follow

e2e-template: ## the templates and workflows, checked by everything that knows them
	deploy/e2e/template
	go run ./deploy/e2e/permissions

e2e-rie: ## the function under AWS's own Runtime Interface Emulator
	go run ./deploy/e2e/rie

e2e-pipeline: ## the template deployed into an emulator of AWS: from an alarm to the chat
	go run ./deploy/e2e/pipeline

e2e-page: ## the demo's page: is it what its sources come to, and does it work in Debian's chromium?
	.ci/page
