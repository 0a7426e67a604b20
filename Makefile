# Two commands are all: `make run` starts the server, `make test` checks everything. The rest is for those who change it.

DATA_DIR ?= data
LISTEN ?= 127.0.0.1:7465
TOOLS := $(CURDIR)/target/tools
export PATH := $(TOOLS)/bin:$(PATH)
# The app in the browser, as the binary takes it in.
WEB := web/dist/index.html
WEB_SOURCES := $(shell find web/src web/public web/build web/index.html web/vite.config.ts web/tsconfig.json web/package.json -type f)
export CHROMIUM ?= /usr/bin/chromium

.PHONY: run build test fmt lint unit unit-postgres packages doc deny test-long fuzz bench bench-listen bench-slow bench-backup relevance coverage reviewed clean
.PHONY: scan advisories advisories-crates advisories-packages
.PHONY: systemd-trial web node web-check e2e chromium screenshots web-perf contract contract-postgres
# What a failed step has half written is no result.
.DELETE_ON_ERROR:

# Builds the release binary and starts it; on the first start it prints a link that makes the first administrator.
run: build
	exec target/release/inkstone serve --data-dir $(DATA_DIR) --listen $(LISTEN)

# The web app comes first: the binary takes it in.
build: web
	cargo build --release --locked

# Everything the gate runs, the cheap steps first. The web app is built before Rust is compiled, so that it is compiled once.
test: fmt web-check web lint unit doc deny e2e
	CONTRACT_EXAMPLES=3 $(MAKE) contract

web: $(WEB)

$(WEB): web/node_modules/.package-lock.json $(WEB_SOURCES)
	npm --prefix web run build

# npm writes that file last, so it is as old as the installation.
web/node_modules/.package-lock.json: web/package-lock.json | node
	npm --prefix web ci
	@touch $@

# The oldest Node that the build tools run on. (Vite needs it; an older one dies of a syntax error that says nothing.)
node:
	@command -v node >/dev/null && command -v npm >/dev/null || \
	  { echo "Node 20.19 or newer with npm is needed to build the web app; there is none on the PATH." >&2; exit 1; }
	@node -e 'const v = process.versions.node.split("."); process.exit(v[0] > 20 || (v[0] == 20 && v[1] >= 19) ? 0 : 1)' || \
	  { echo "Node 20.19 or newer is needed to build the web app; this is $$(node --version)." >&2; exit 1; }

# The typed client says what the API document says; types, style, unit tests of the app.
web-check: web/node_modules/.package-lock.json
	npm --prefix web run contract
	npm --prefix web run typecheck
	npm --prefix web run lint
	npm --prefix web test

# Journeys in a real browser against the real binary, which holds the app that was just built. Built together with the tests of
# Rust, because that way it shares what they have compiled.
e2e: web chromium
	cargo build --locked --bins --tests
	npm --prefix web run e2e

# The browser of the journeys, installed where that is possible. (openssl makes their certificates.)
chromium:
	@{ test -x $(CHROMIUM) && command -v openssl >/dev/null; } || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && \
	  apt-get update -q && apt-get install -qy --no-install-recommends chromium openssl; } || \
	  { echo "The journeys need Chromium (set CHROMIUM=/path/to/it) and openssl: apt-get install chromium openssl" >&2; exit 1; }

fmt:
	cargo fmt --check
	cargo fmt --check --manifest-path fuzz/Cargo.toml

lint:
	cargo clippy --locked --all-targets -- -D warnings

# Unit tests, API tests, and the short forms of the programs that take the ground away: kill -9, a power cut, a full disk.
# The last two want root (and a loop device); without it they say so and are ignored. Then what both engines promise alike once more, on
# a PostgreSQL server that is started for it.
unit: packages
	REQUIRE_SERVERS=on POWER_CUT=on POWER_CUTS=3 cargo test --locked --lib --bins --tests
	$(MAKE) unit-postgres

ON_BOTH_ENGINES := api store_model round_trip search_follow search_index search_beside search_crash
unit-postgres: packages
	@dir=$$(mktemp -d) && chmod 755 $$dir && trap "tests/servers/postgres stop $$dir/server; rmdir $$dir" EXIT && \
	  url=$$(tests/servers/postgres start $$dir/server) && \
	  TEST_POSTGRES=$$url cargo test --locked --lib $(ON_BOTH_ENGINES:%=--test %)

# The real server held to its API document by schemathesis, in the name of everybody who may ask. `tests/contract/run` says what
# CONTRACT_EXAMPLES is.
contract: packages
	cargo build --locked --bins
	tests/contract/run

contract-postgres: packages
	cargo build --locked --bins
	@dir=$$(mktemp -d) && chmod 755 $$dir && trap "tests/servers/postgres stop $$dir/server; rmdir $$dir" EXIT && \
	  url=$$(tests/servers/postgres start $$dir/server) && TEST_POSTGRES=$$url tests/contract/run

# What the tests want from Debian, installed where that is possible. (The packages of
# PostgreSQL, nginx and HAProxy may start services of their own; those are not used.)
packages:
	@{ command -v xfs_io >/dev/null && command -v nginx >/dev/null && command -v haproxy >/dev/null && \
	    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && python3 -c 'import ensurepip' 2>/dev/null; } || \
	  ! command -v apt-get >/dev/null || [ "$$(id -u)" != 0 ] || \
	  { apt-get update -q && apt-get install -qy --no-install-recommends xfsprogs postgresql nginx-light haproxy python3-venv; }

# Examples in the documentation, and its links.
doc:
	cargo test --locked --doc
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# Bans, licences and sources of all dependencies, those of other systems included, which is why they are fetched first. Then
# offline: no advisory database is asked for.
deny: $(TOOLS)/bin/cargo-deny
	cargo fetch --locked
	cargo deny --offline check bans licenses sources

# Known holes in dependencies. Asks databases on the internet, so the gate does without; .github/workflows/advisories.yml asks weekly.
advisories: advisories-crates advisories-packages

advisories-crates: $(TOOLS)/bin/cargo-deny
	cargo deny check advisories

# Those of the app, and those of the tools that build, test and measure it.
advisories-packages:
	npm --prefix web audit --audit-level=low
	npm --prefix web/perf audit --audit-level=high

# Scanners of others' making, wapiti and sslyze, let loose on the server. Takes about twenty minutes; docs/security.md knows what they find.
scan:
	cargo build --locked --bins
	tests/scan/run

$(TOOLS)/bin/cargo-deny:
	cargo install cargo-deny --locked --root $(TOOLS) --target-dir target/tools-build --debug
	rm -rf target/tools-build

# The crash program at full length, ten thousand crashes between store and index, simulated power cuts (these need root, a loop device and
# xfsprogs), the API document on both engines, random input, whether times tell who has an account, which wants a machine that does
# nothing else, and what one person finds beside another with 100,000 notes.
test-long: packages
	CRASH_KILLS=200 cargo test --locked --release --test crash
	SEARCH_CRASHES=10000 cargo test --locked --release --test search_crash
	POWER_CUT=on POWER_CUTS=20 cargo test --locked --release --test power_cut
	cargo test --locked --release --test disk_full
	CONTRACT_EXAMPLES=50 $(MAKE) contract contract-postgres
	$(MAKE) fuzz
	TIMINGS=2000 cargo test --locked --release --test timing
	ALONE_NOTES=100000 cargo test --locked --release --test search_alone

# Random input for the parsers that read what strangers send, for so many seconds each. Without a sanitizer: there is no `unsafe` in the house
# for one to watch, and it would slow both the build and the search down. What is found lies in fuzz/artifacts/.
FUZZ_SECONDS ?= 30
FUZZ_TARGETS := $(patsubst fuzz/fuzz_targets/%.rs,%,$(wildcard fuzz/fuzz_targets/*.rs))
fuzz: $(TOOLS)/bin/cargo-fuzz
	@for target in $(FUZZ_TARGETS); do mkdir -p fuzz/corpus/$$target && cargo fuzz run --sanitizer none --target-dir target/fuzz $$target \
	  fuzz/corpus/$$target fuzz/seeds/$$target -- -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 || exit 1; done

$(TOOLS)/bin/cargo-fuzz:
	cargo install cargo-fuzz --locked --root $(TOOLS) --target-dir target/tools-build --debug
	rm -rf target/tools-build

# Starts the release binary, drives it over loopback and prints a table with this machine's limits beside it; searches, in turns with
# SQLite FTS5 and tantivy alone on the same notes (`cargo bench --bench search -- --notes 1000000` for a million); carries notes out
# of it and back; waits for notes to be found, while others write too; drives it on both engines in turns, PostgreSQL being a server
# that is started for it; and lets a flood of sign-ins loose on it.
bench: build packages
	cargo bench --locked --bench serve
	cargo bench --locked --bench search
	cargo bench --locked --bench carry
	cargo bench --locked --bench fresh
	cargo bench --locked --bench engines
	cargo bench --locked --bench flood

# What five thousand listeners of event streams cost, and how soon they hear of a change. Takes two minutes.
bench-listen: build
	cargo bench --locked --bench listen

# What four thousand slow connections cost somebody who reads. Wants slowhttptest and `ulimit -n 10000`; takes two minutes.
bench-slow: build
	@command -v slowhttptest >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -q && apt-get install -qy --no-install-recommends \
	  slowhttptest; } || { echo "slowhttptest is needed: apt-get install slowhttptest" >&2; exit 1; }
	cargo bench --locked --bench slow

# Backups of a store of a gigabyte beside a server under load. Takes about ten minutes and 5 GB of disk under target/.
bench-backup: build
	cargo bench --locked --bench backup

# How well search ranks, beside SQLite FTS5 and BM25, on a collection with judgements: make relevance COLLECTION=path/to/folder
# (three files, see benches/relevance/main.rs). Without optimisation: the figures do not depend on it, and it builds sooner.
relevance:
	cargo bench --locked --profile dev --bench relevance -- $(COLLECTION)

# Takes the pictures of the README anew, and one of every page in every width and colour under web/e2e/out/shots.
screenshots: build chromium
	INKSTONE_BINARY=$(CURDIR)/target/release/inkstone npm --prefix web run screenshots

# Lighthouse, opening a note, scrolling a long list, against the release binary over TLS. Prints tables.
web-perf: build chromium
	npm --prefix web/perf ci
	INKSTONE_BINARY=$(CURDIR)/target/release/inkstone npm --prefix web/perf run measure

# Line coverage of the library by its tests; at least 80 %. Works by ptrace, so it needs no LLVM tools. Without the programs that
# start the server as a process (crash, power_cut, disk_full): what runs in there is not counted anyway.
COVERED := api store_model round_trip hostile_zips search_index search_follow search_beside search_crash command_line \
  commands_and_server backup backup_archive upgrades log problems
coverage: $(TOOLS)/bin/cargo-tarpaulin
	cargo tarpaulin --engine ptrace --lib $(COVERED:%=--test %) --skip-clean --target-dir target/coverage \
	  --exclude-files 'tests/*' --exclude-files 'benches/*' --fail-under 80 --out Stdout

$(TOOLS)/bin/cargo-tarpaulin:
	cargo install cargo-tarpaulin --locked --root $(TOOLS) --target-dir target/tools-build
	rm -rf target/tools-build

# Tries the systemd units in a Debian of their own, with systemd running. As root, with debootstrap and systemd-container; takes
# minutes the first time.
systemd-trial: build
	systemd/trial/run.sh target/release/inkstone

# Writes the reviewed files (docs/openapi.json, docs/problems.md, docs/configuration.md) anew; read the diff before committing.
reviewed:
	UPDATE_REVIEWED=1 cargo test --locked --lib --test problems --test api reviewed

clean:
	cargo clean
	rm -rf web/dist web/node_modules web/e2e/out web/perf/node_modules
