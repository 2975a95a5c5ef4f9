// What one event's output and one `<<<` cost.
#include <benchmark/benchmark.h>

#include <array>

#include "language/print_format.h"
#include "vm/format.h"
#include "vm/statistic.h"

namespace socktap::vm {
namespace {

void render_repeatedly(benchmark::State& state, std::string_view text,
                       std::span<const Argument> arguments) {
  const auto format = language::parse_print_format(text);
  std::string out;
  for (auto _ : state) {
    out.clear();
    const Argument* next = arguments.data();
    for (const auto& piece : format->pieces) {
      out += piece.text;
      append_conversion(piece.conversion, {next++, 1}, out);
    }
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
}

// The six fields of a line that says who sent what.
void render_six_fields(benchmark::State& state) {
  const std::array<Argument, 6> arguments{{{0, "nginx"},
                                           {31337, {}},
                                           {0, "socket.sendmsg.return"},
                                           {1448, {}},
                                           {0, "INET"},
                                           {0, "TCP"}}};
  render_repeatedly(state, "%s(%d) %s %d bytes %s/%s\n", arguments);
}
BENCHMARK(render_six_fields);

void render_padded_columns(benchmark::State& state) {
  const std::array<Argument, 4> arguments{
      {{0, "nginx"}, {31337, {}}, {1'700'000'000'123'456, {}}, {0x4040, {}}}};
  render_repeatedly(state, "%-15s %6d %16d %#8x\n", arguments);
}
BENCHMARK(render_padded_columns);

void add_repeatedly(benchmark::State& state, const StatisticShape& shape) {
  Statistic statistic;
  std::int64_t value = 1;
  for (auto _ : state) {
    statistic.add(value, shape);
    value = (value * 5 + 3) & 0xffff;
    benchmark::DoNotOptimize(statistic);
  }
  state.SetItemsProcessed(state.iterations());
}

void add_plain(benchmark::State& state) { add_repeatedly(state, {}); }
BENCHMARK(add_plain);

void add_variance(benchmark::State& state) { add_repeatedly(state, {{}, true}); }
BENCHMARK(add_variance);

void add_log_histogram(benchmark::State& state) {
  add_repeatedly(state, {{Histogram::Kind::log, 0, 0, 0}, false});
}
BENCHMARK(add_log_histogram);

void add_linear_histogram(benchmark::State& state) {
  add_repeatedly(state, {{Histogram::Kind::linear, 0, 65536, 1024}, false});
}
BENCHMARK(add_linear_histogram);

}  // namespace
}  // namespace socktap::vm
