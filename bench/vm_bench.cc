// The machine's own cost per event: scripts run over one event again and again, output dropped.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "base/diagnostic.h"
#include "language/language.h"
#include "vm/compile.h"
#include "vm/machine.h"

namespace socktap::vm {
namespace {

struct Nowhere : Host {
  void emit(const Record& record) override { bytes += record.text.size(); }
  std::int64_t target() const override { return 0; }
  bool is_target_or_descendant(std::int64_t) const override { return false; }
  std::size_t bytes = 0;
};

language::TypedProgram program_of(SourceMap& sources, const std::string& script) {
  language::Invocation invocation;
  const auto source = sources.add("bench.stp", script);
  auto parsed = language::parse(sources, source, invocation);
  if (!parsed.value) std::abort();
  auto checked = language::check(*parsed.value, invocation);
  for (const Diagnostic& diagnostic : checked.diagnostics.all()) {
    if (diagnostic.severity != Severity::warning) std::cerr << render(diagnostic, sources, false);
  }
  if (!checked.value) std::abort();
  return std::move(*checked.value);
}

Event sample() {
  Event event{};
  event.time = 123'456'789'000;
  event.tgid = 4711;
  event.tid = 4712;
  event.uid = 1000;
  event.cpu = 1;
  event.operation = SOCKTAP_SEND;
  event.phase = SOCKTAP_CONCLUSION;
  event.path = SOCKTAP_PATH_SENDMSG;
  event.size = 1448;
  event.protocol = 6;
  event.family = 2;
  event.type = 1;
  event.state = 3;
  event.success = 1;
  std::strcpy(event.comm, "nginx");
  return event;
}

// Runs the script's last handler over events of 64 processes.
void run(benchmark::State& state, const std::string& script) {
  SourceMap sources;
  const language::TypedProgram program = program_of(sources, script);
  const Code code = compile(program);
  Nowhere host;
  Machine machine(code, sources, Limits{}, host);
  Event event = sample();
  Occasion occasion;
  occasion.event = &event;
  occasion.point = tapset::find_probe_point("socket.send");
  occasion.realtime_offset = 1'700'000'000'000'000'000;
  const auto handler = static_cast<std::uint32_t>(program.handlers.size() - 1);
  for (auto _ : state) {
    event.tgid = 4000 + (event.tgid + 1) % 64;
    event.time += 1000;
    if (machine.run(handler, occasion)) state.SkipWithError("run-time error");
  }
  benchmark::DoNotOptimize(host.bytes);
}

void empty_handler(benchmark::State& state) { run(state, "probe socket.send { }"); }
BENCHMARK(empty_handler);

void count(benchmark::State& state) { run(state, "global n probe socket.send { n++ }"); }
BENCHMARK(count);

// Ten operations and one update of an array.
void ten_operations(benchmark::State& state) {
  run(state,
      "global bytes, total, big, last\n"
      "probe socket.send {\n"
      "  if (!success || size <= 0) next\n"
      "  total += size\n"
      "  if (size > 1024 && family == 2) big++\n"
      "  t = gettimeofday_us()\n"
      "  gap = t - last\n"
      "  last = t\n"
      "  if (gap >= 0) bytes[execname(), pid()] += size * 8\n"
      "}\n");
}
BENCHMARK(ten_operations);

void statistic_by_process(benchmark::State& state) {
  run(state, "global s probe socket.send { s[execname(), pid(), protocol] <<< size }");
}
BENCHMARK(statistic_by_process);

void printf_of_six_fields(benchmark::State& state) {
  run(state,
      "probe socket.send { printf(\"%s(%d) %s %d bytes %d/%d\\n\","
      " execname(), pid(), name, size, family, protocol) }");
}
BENCHMARK(printf_of_six_fields);

void printf_with_names(benchmark::State& state) {
  run(state,
      "probe socket.send { printf(\"%s(%d) %s %d bytes %s/%s\\n\","
      " execname(), pid(), name, size, sock_fam_num2str(family), sock_prot_num2str(protocol)) }");
}
BENCHMARK(printf_with_names);

void a_function_call(benchmark::State& state) {
  run(state,
      "global n function f(a, b) { return a + b }\n"
      "probe socket.send { n = f(size, n) }");
}
BENCHMARK(a_function_call);

void match_with_groups(benchmark::State& state) {
  run(state,
      "global n probe socket.send { if (name =~ \"(socket)\\\\.(send|receive)\") "
      "n += strlen(matched(2)) }");
}
BENCHMARK(match_with_groups);

void match_that_fails(benchmark::State& state) {
  run(state,
      "global n probe socket.send { if (execname() =~ \"^(ssh|curl)\") n += strlen(matched(1)) }");
}
BENCHMARK(match_that_fails);

// An interval's histograms: filled, then deleted.
void histogram_by_interval(benchmark::State& state) {
  run(state,
      "global s, n probe socket.send { s[pid()] <<< size  if (n++ % 64 == 0) delete s }\n"
      "probe end { foreach (p in s) print(@hist_log(s[p])) }\n"
      "probe socket.send { s[pid()] <<< size  if (n++ % 64 == 0) delete s }");
}
BENCHMARK(histogram_by_interval);

void foreach_top_ten_of_1000(benchmark::State& state) {
  SourceMap sources;
  const language::TypedProgram program = program_of(sources,
                                                    "global a\n"
                                                    "probe begin { for (i = 0; i < 1000; i++) "
                                                    "a[i * 7919 % 1009] = i * 31 % 997 }\n"
                                                    "probe end { foreach (k in a- limit 10) n++ }");
  const Code code = compile(program);
  Nowhere host;
  Machine machine(code, sources, Limits{}, host);
  const Event event = sample();
  Occasion occasion;
  occasion.event = &event;
  machine.run(0, occasion);
  for (auto _ : state) machine.run(1, occasion);
}
BENCHMARK(foreach_top_ten_of_1000);

}  // namespace
}  // namespace socktap::vm
