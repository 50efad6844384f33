# `make` lists what there is; `make run` is all a newcomer needs.
.DEFAULT_GOAL := help
.PHONY: help run stop token verify demo service backup restore clean-data check test stories pictures faults bench lint contracts

# Without bytecode every start of a process compiles all it imports anew: seconds of CPU each time.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PYPROJECTS := shared/pyproject.toml $(wildcard services/*/pyproject.toml) web/pyproject.toml dev/pyproject.toml
TEST_PACKAGES := rabbitmq-server chromium pandoc libreoffice-writer-nogui libreoffice-calc-nogui \
	'fonts-liberation2|fonts-liberation' poppler-utils curl perl
# Two workers, each a file at a time; of those on the whole product each worker has one of its own.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder
# Clocks that are wrong, networks that are cut.
FAULT_PACKAGES := faketime iproute2 iptables

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: .venv/made ## Start everything on this machine and load the demo; Ctrl-C stops it (SPLIT=1: one process per verb)
	@$(BIN)/python -m devstack run $(if $(SPLIT),--split)

stop: .venv/made ## Stop what `make run` started, from another terminal
	@$(BIN)/python -m devstack stop

token: .venv/made ## Print an access token of a demo person: make token AS=office
	@$(BIN)/python -m devstack token $(or $(AS),office)

verify: .venv/made ## Compare every figure of what is running with the facts, and the facts with the producers
	@$(BIN)/python -m devstack service reporting verify

demo: .venv/made ## Load the demo into what is running (make run does it the first time)
	@$(BIN)/python -m devstack demo

service: .venv/made ## Run a service's command beside what is running: make service DO="reporting parked"
	@$(BIN)/python -m devstack service $(DO)

backup: .venv/made ## Copy databases and files of what is running: make backup TO=folder
	@$(BIN)/python -m devstack backup $(TO)

restore: .venv/made ## Put them back, once stopped: make restore FROM=folder (ONLY="reporting notifications")
	@$(BIN)/python -m devstack restore $(FROM) $(ONLY)

clean-data: .venv/made ## Stop, and forget all data
	@$(BIN)/python -m devstack clean-data

bench: .venv/made ## Measure every claim about speed beside its references; writes benchmarks/results.json (ONLY="survey task", FULL=1)
	@dev/system_packages rabbitmq-server
	@FULL=$(FULL) $(BIN)/python -m benchmarks $(ONLY)

check: lint ## Run every few minutes: make lint, and every test that needs no server (a minute)
	$(BIN)/python -m pytest -q -m pure --ignore tests/architecture $(SIDE_BY_SIDE)

test: .venv/made ## Run all tests but stories on real servers of their own (ARGS=tests/tasks: one part)
	@dev/system_packages $(TEST_PACKAGES)
	$(BIN)/python -m pytest -m "not story and not product" $(SIDE_BY_SIDE) $(ARGS) || [ $$? = 5 ]  # 5: none
	$(BIN)/python -m pytest -m "not story and product" $(SIDE_BY_SIDE) $(ARGS) || [ $$? = 5 ]

stories: .venv/made ## Run the looks at pages and documents, and whatever else is marked `story`
	@dev/system_packages $(TEST_PACKAGES)
	$(BIN)/python -m pytest -m story $(SIDE_BY_SIDE) $(ARGS)

pictures: .venv/made ## Take the pictures of the guides (docs/huong-dan) anew
	@dev/system_packages $(TEST_PACKAGES)
	PICTURES=1 $(BIN)/python -m pytest tests/journeys/test_guides.py $(ARGS)

faults: .venv/made ## Run every row of the fault table; writes docs/faults.md (an hour; RABBITMQ=4: the broker's rows on RabbitMQ 4, half an hour)
	@dev/system_packages $(TEST_PACKAGES) $(FAULT_PACKAGES)
	FAULTS=1 $(BIN)/python -m pytest tests/faults $(ARGS)

lint: .venv/made ## Check style, types and architecture
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy shared services web dev
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/architecture

contracts: .venv/made ## Check that schemas, event tables, AsyncAPI and OpenAPI are what the code says (WRITE=1 renews them)
	@$(BIN)/python -m devstack contracts $(if $(WRITE),,--check)

.venv/made: requirements.lock $(PYPROJECTS) dev/make_venv
	@dev/make_venv
