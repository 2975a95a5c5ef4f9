# The two commands of the README, and what developers type beside them. The build itself is CMake's.
# BENCH are options of the bench: make bench BENCH='--quick --only events'

PRESET ?= release
JOBS ?= $(shell nproc)

.PHONY: all build install package tarball demo test test-kernels tables reference bench performance sanitize tidy format install-build install-package install-test clean

all: build

install-build:
	@tools/install-dependencies

install-package:
	@tools/install-dependencies package

install-test:
	@tools/install-dependencies test

build: install-build
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) -j $(JOBS)

# What the library's headers say, as build/reference/html.
reference:
	@command -v doxygen >/dev/null || { echo "doxygen is missing: apt-get install doxygen" >&2; exit 1; }
	@mkdir -p build/reference && SOCKTAP_REFERENCE=build/reference doxygen docs/Doxyfile

# What is shipped, without tests; install puts it below $(DESTDIR)$(PREFIX).
PREFIX ?= /usr/local
ship = cmake --preset release -B build/ship -DBUILD_TESTING=OFF >/dev/null && \
  cmake --build build/ship -j $(JOBS) --target

install: install-build
	@$(ship) socktap socktap_shared socktap_manual_files
	@DESTDIR='$(DESTDIR)' cmake --install build/ship --prefix '$(PREFIX)' --strip

# build/package/socktap_VERSION_amd64.deb
package: install-package
	@$(ship) socktap socktap_manual_files
	@cd build/ship && cpack -G DEB -B ../package

# build/package/socktap-VERSION-linux-x86_64.tar.gz, which runs wherever it is unpacked
tarball: install-build
	@$(ship) socktap_static socktap_manual_files
	@cd build/ship && cpack -G TGZ -B ../package

demo: install-build
	@cmake --preset $(PRESET) -DBUILD_TESTING=OFF -B build/demo >/dev/null
	@cmake --build build/demo -j $(JOBS) --target socktap demo_traffic
	@tools/demo build/demo

test: install-test
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) -j $(JOBS)
	@ctest --preset $(PRESET)

# Every kernel by every backend, and docs/kernels.md of what came out.
test-kernels: install-test
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) -j $(JOBS)
	@ctest --test-dir build/$(PRESET) -L kernels -j $(JOBS) --output-on-failure; status=$$?; \
	  tests/kernels/matrix write build/kernels docs/kernels.md; exit $$status

# The pages in docs/ that tests compare with what comes out.
tables: install-test
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) -j $(JOBS) --target examples_table_test sinks_test
	@SOCKTAP_WRITE_TABLES=1 build/$(PRESET)/tests/language/examples_table_test
	@SOCKTAP_WRITE_TABLES=1 build/$(PRESET)/src/sinks/sinks_test --gtest_filter='OutputPage.*'

# What tracing costs, beside other tracers, which are unpacked into build/peers where they can be had.
bench: install-build
	@cmake --preset release -B build/bench -DBUILD_TESTING=OFF >/dev/null
	@cmake --build build/bench -j $(JOBS) --target compare
	@bench/fetch_peers build/peers || true # it said why; those that are installed do
	@build/bench/bench/compare/compare --json build/bench/performance.json $(BENCH)

# The same, and docs/performance.md of what comes out.
performance:
	@$(MAKE) --no-print-directory bench BENCH="--markdown docs/performance.md $(BENCH)"

sanitize: install-test
	@cmake --preset asan-ubsan >/dev/null
	@cmake --build --preset asan-ubsan -j $(JOBS)
	@ctest --preset asan-ubsan

tidy: install-test
	@cmake --preset tidy >/dev/null
	@cmake --build --preset tidy -j $(JOBS)

format:
	@clang-format -i $$(git ls-files '*.cc' '*.h' '*.c')

clean:
	@rm -rf build
