# Two commands are all: `make run` starts the server, `make test` checks everything. The rest is for those who change it.

DATA_DIR ?= data
LISTEN ?= 127.0.0.1:7465
TOOLS := $(CURDIR)/target/tools
export PATH := $(TOOLS)/bin:$(PATH)


.PHONY: run build test fmt lint unit packages doc deny test-long bench coverage reviewed clean

# Builds the release binary and starts it; on the first start it prints a link that makes the first administrator.
run: build
	exec target/release/inkstone serve --data-dir $(DATA_DIR) --listen $(LISTEN)

build:
	cargo build --release --locked

# Everything the gate runs.
test: fmt lint unit doc deny

fmt:
	cargo fmt --check

lint:
	cargo clippy --locked --all-targets -- -D warnings

# Unit tests, API tests, and the short forms of the programs that take the ground away: kill -9, a power cut, a full disk.
# The last two want root (and a loop device); without it they say so and are ignored.
unit: packages
	POWER_CUT=on POWER_CUTS=3 cargo test --locked --lib --bins --tests

# What the tests want from Debian, installed where that is possible.
packages:
	@command -v xfs_io >/dev/null || ! command -v apt-get >/dev/null || [ "$$(id -u)" != 0 ] || \
	  { apt-get update -q && apt-get install -qy --no-install-recommends xfsprogs; }

# Examples in the documentation, and its links.
doc:
	cargo test --locked --doc
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# Bans, licences and sources of all dependencies, those of other systems included, which is why they are fetched first. Then
# offline: no advisory database is asked for.
deny: $(TOOLS)/bin/cargo-deny
	cargo fetch --locked
	cargo deny --offline check bans licenses sources

$(TOOLS)/bin/cargo-deny:
	cargo install cargo-deny --locked --root $(TOOLS) --target-dir target/tools-build --debug
	rm -rf target/tools-build

# The crash program at full length and simulated power cuts (these need root, a loop device and xfsprogs).
test-long: packages
	CRASH_KILLS=200 cargo test --locked --release --test crash
	POWER_CUT=on POWER_CUTS=20 cargo test --locked --release --test power_cut
	cargo test --locked --release --test disk_full

# Starts the release binary, drives it over loopback and prints a table with this machine's limits beside it.
bench: build
	cargo bench --locked --bench serve

# Line coverage of the library by its tests; at least 80 %. Works by ptrace, so it needs no LLVM tools.
coverage: $(TOOLS)/bin/cargo-tarpaulin
	cargo tarpaulin --engine ptrace --lib --tests --skip-clean --target-dir target/coverage \
	  --exclude-files 'tests/*' --exclude-files 'benches/*' --fail-under 80 --out Stdout

$(TOOLS)/bin/cargo-tarpaulin:
	cargo install cargo-tarpaulin --locked --root $(TOOLS) --target-dir target/tools-build
	rm -rf target/tools-build

# Writes the reviewed files (docs/openapi.json, docs/problems.md, docs/configuration.md) anew; read the diff before committing.
reviewed:
	UPDATE_REVIEWED=1 cargo test --locked --lib --test problems --test api reviewed

clean:
	cargo clean
