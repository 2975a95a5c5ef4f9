// What one event's output and one `<<<` cost.
#include <benchmark/benchmark.h>

#include <array>

#include "vm/format.h"
#include "vm/statistic.h"

namespace socktap::vm {
namespace {

void render_repeatedly(benchmark::State& state, std::string_view text,
                       std::span<const Argument> arguments) {
  const Format format = parse_checked_format(text);
  std::string out;
  for (auto _ : state) {
    out.clear();
    render(format, arguments, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
}

// The six fields of a line that says who sent what.
void BM_RenderSixFields(benchmark::State& state) {
  const std::array<Argument, 6> arguments{{{0, "nginx"},
                                           {31337, {}},
                                           {0, "socket.sendmsg.return"},
                                           {1448, {}},
                                           {0, "INET"},
                                           {0, "TCP"}}};
  render_repeatedly(state, "%s(%d) %s %d bytes %s/%s\n", arguments);
}
BENCHMARK(BM_RenderSixFields);

void BM_RenderPaddedColumns(benchmark::State& state) {
  const std::array<Argument, 4> arguments{
      {{0, "nginx"}, {31337, {}}, {1'700'000'000'123'456, {}}, {0x4040, {}}}};
  render_repeatedly(state, "%-15s %6d %16d %#8x\n", arguments);
}
BENCHMARK(BM_RenderPaddedColumns);

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

void BM_AddPlain(benchmark::State& state) { add_repeatedly(state, {}); }
BENCHMARK(BM_AddPlain);

void BM_AddVariance(benchmark::State& state) { add_repeatedly(state, {{}, true}); }
BENCHMARK(BM_AddVariance);

void BM_AddLogHistogram(benchmark::State& state) {
  add_repeatedly(state, {{Histogram::Kind::log, 0, 0, 0}, false});
}
BENCHMARK(BM_AddLogHistogram);

void BM_AddLinearHistogram(benchmark::State& state) {
  add_repeatedly(state, {{Histogram::Kind::linear, 0, 65536, 1024}, false});
}
BENCHMARK(BM_AddLinearHistogram);

}  // namespace
}  // namespace socktap::vm
