# Everything runs with plain cargo and npm as well; this says in which order.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check check-ews bench fmt screenshots tour web

help: ## lists what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: web ## builds everything and starts the demo
	@scripts/need.sh cargo cc
	cargo build --profile demo --package switchboard
	cargo run --quiet --profile demo --package switchboard -- demo

test: web ## runs every test, against real servers
	@scripts/need.sh cargo cc slapd ldap-utils samba postgresql chromium kamailio sipp baresip ip unshare openssl python3 kill
	@scripts/test.sh

check: web ## formatting, lints, documentation, licences
	@scripts/need.sh cargo cc
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items
	npm --prefix web run check
	@if command -v cargo-deny >/dev/null; then cargo deny check; \
	else echo "licences and sources were not checked: cargo install cargo-deny"; fi

check-ews: ## the emulated Exchange Server against its schemas: make check-ews XSD=folder
	@scripts/need.sh cargo cc venv
	@scripts/check-ews.sh "$(XSD)"

bench: web ## the speed ratios, side by side with their peers, and the speed of portal and widget
	@scripts/need.sh cargo cc slapd ldap-utils nginx nchan wrk openssl vips chromium
	cargo build --release --package switchboard --package suite --bin switchboard --bin bench --features switchboard/jemalloc,suite/jemalloc
	target/release/bench directory
	target/release/bench beside target/release/switchboard
	target/release/bench fanout target/release/switchboard
	target/release/bench merge
	target/release/bench pictures
	target/release/bench snapshot target/release/switchboard
	target/release/bench visitors target/release/switchboard
	node web/e2e/bench-portal.mjs target/release/switchboard
	node web/e2e/bench-widget.mjs target/release/switchboard

fmt: ## formats Rust and TypeScript
	cargo fmt --all
	npm --prefix web run fmt

screenshots: web ## pictures of every page, at desktop and phone width
	@scripts/need.sh cargo cc chromium
	cargo build --profile demo --package switchboard
	npm --prefix web run e2e -- --shots $(CURDIR)/run/screenshots
	node web/e2e/first-start.mjs --start target/demo/switchboard --shots run/screenshots
	@echo "the pictures are in run/screenshots"

tour: web ## takes the pictures of docs/tour.md anew
	@scripts/need.sh cargo cc chromium
	cargo build --profile demo --package switchboard
	node web/e2e/tour.mjs target/demo/switchboard

# What the gateway embeds, and the website of the demo.
web:
	@scripts/need.sh node
	npm --prefix web ci --no-audit --no-fund
	npm --prefix web run build
