// Any bytes may lie in the rings that the kernel side fills: the reader hands out only records that
// are some, each published one exactly once, and what consumes them (texts, fields, dispatch, the
// machine) copes with every value in them.
//
// The input plays the writers and the reader. Its first two bytes are the size of the rings and
// their number; then come steps, a byte each, some with bytes of their own behind them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "event/derived.h"
#include "event/event.h"
#include "language/language.h"
#include "session/dispatch.h"
#include "sources/ring/ring_reader.h"
#include "vm/compile.h"
#include "vm/machine.h"

namespace {

using namespace socktap;
using sources::RingReader;

constexpr std::uint64_t at_last = std::uint64_t{1} << 62;
constexpr std::uint64_t longest_time = std::uint64_t{1} << 60;  // ns: 36 years, which ctime() takes

// Whoever reads an event reads all of it.
constexpr const char* script_text = R"(
global sizes%[64], latest%[16], states, delays
probe socket.send, socket.receive, socket.*.return, socket.* {
  printf("%s %d %d %s %s %s %s %d %d %x %s\n", name, size, success, sock_fam_num2str(family),
         sock_prot_num2str(protocol), sock_type_num2str(type), sock_state_num2str(state), requester,
         err, sock, sock_flags_num2str(flags))
  printf("%s %s %s %s\n", msg_flags_num2str(msg_flags), errno_str(size), return_str(1, size), pp())
  printf("%s %d %d %d %d %d %d %d %d\n", text_str(execname()), pid(), tid(), ppid(), uid(), euid(),
         gid(), egid(), cpu())
  println(ctime(gettimeofday_s()), " ", gettimeofday_ns(), " ", thread_indent(1), is_return())
  sizes[name, execname()] <<< size
  latest[sock] = sprintf("%5s|%-5d|%c", execname(), family, type)
  states <<< state
  delays <<< latency
  if (execname() =~ "^[a-z]+") println(matched(0))
}
probe tcp.*, tcp.*.return, udp.*, udp.*.return {
  println(name, saddr, sport, daddr, dport, local_addr, ret, urg, syn)
}
probe syscall.* { println(name, " ", argstr, fd, filename, buf, int_arg(1), pointer_arg(6))
}
probe syscall.*.return {println(name, retval, retstr, argstr, returnval())} probe syscall_any,
    syscall_any.return {println(name, syscall_nr)} probe netdev.*,
    process.*{println(dev_name, length, truesize, execname())} probe end {
  foreach ([ n, e ] in sizes - limit 5) {
    println(n, e, @count(sizes[n, e]), @sum(sizes[n, e])) print(@hist_log(sizes[n, e]))
  }
  foreach (s in latest) println(latest[s]) if (@count(states)) {
      print(@hist_linear(states, -10, 10, 1)) println(@variance(delays), @max(delays))
    }
}
)";

void require(bool holds) {
  if (!holds) std::abort();
}

struct Nowhere : vm::Host {
  void emit(const Record& record) override { length += record.text.size(); }
  std::int64_t target() const override { return 0; }
  bool is_target_or_descendant(std::int64_t) const override { return false; }
  std::size_t length = 0;
};

// The script, compiled once; it is the same for all inputs.
struct Consumer {
  Consumer() {
    const auto source = sources.add("all.stp", script_text);
    auto script = language::parse(sources, source, {});
    auto checked = language::check(*script.value, {});
    require(checked.value.has_value());
    program = std::move(*checked.value);
    code = vm::compile(program);
    plan = plan::make_plan(program, {});
    dispatch.emplace(plan);
  }

  SourceMap sources;
  language::TypedProgram program;
  vm::Code code;
  plan::Plan plan;
  std::optional<session::Dispatch> dispatch;
};

const Consumer& consumer() {
  static const Consumer consumer;
  return consumer;
}

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    std::uint8_t value = 0;
    fill(&value, 1);
    return value;
  }
  // What the input is too short for is zero.
  void fill(void* to, std::size_t size) {
    std::memset(to, 0, size);
    const std::size_t there = std::min(size, rest_.size());
    if (there > 0) std::memcpy(to, rest_.data(), there);
    rest_ = rest_.subspan(there);
  }

 private:
  std::span<const std::uint8_t> rest_;
};

class Play {
 public:
  Play(Input& input, std::size_t size, std::size_t cpus)
      : input_(input),
        size_(size),
        cpus_(cpus),
        slots_(cpus * size),
        open_(cpus),
        reader_(cpus_, std::as_bytes(std::span(slots_)), sizeof(WholeEvent)),
        machine_(consumer().code, consumer().sources, {}, nowhere_) {}

  void run() {
    while (!input_.empty()) step(input_.byte());
    for (std::size_t cpu = 0; cpu < cpus_.size(); ++cpu)
      for (const std::uint64_t position : open_[cpu]) write(cpu, position, Event{});
    reader_.look(at_last);
    while (consume(at_last)) {
    }
    require(reader_.empty());
    require(delivered_ + reader_.overwritten() + skipped_ == reserved());
    const WholeEvent own{};
    for (const session::Firing& firing : consumer().dispatch->ends()) fire(firing, own.record);
  }

 private:
  void step(std::uint8_t what) {
    const std::size_t cpu = (what >> 4) % cpus_.size();
    switch (what % 8) {
      case 0:
        reserve(cpu);
        break;
      case 1:
      case 2:
      case 3:
        reserve(cpu);
        publish(cpu, 0);
        break;
      case 4:
        publish(cpu, input_.byte());
        break;
      case 5:
        reader_.look(time());
        break;
      case 6:
        consume(time());
        break;
      case 7:
        skip();
        break;
    }
  }

  std::uint64_t time() {
    std::uint64_t value = 0;
    input_.fill(&value, 4);
    return value;
  }

  std::uint64_t reserved() const {
    std::uint64_t sum = 0;
    for (const socktap_cpu& cpu : cpus_) sum += cpu.head;
    return sum;
  }

  void reserve(std::size_t cpu) {
    if (cpus_[cpu].head - cpus_[cpu].tail == size_) return;
    const std::uint64_t position = cpus_[cpu].head++;
    slot(cpu, position).commit = 0;
    open_[cpu].push_back(position);
  }

  // One of those reserved, the last first: programs nest. A record's own commit word is kept now
  // and then: what lies in the ring may be of another turn.
  void publish(std::size_t cpu, std::uint8_t which) {
    if (open_[cpu].empty()) return;
    const auto from_last = static_cast<std::ptrdiff_t>(which / 2 % open_[cpu].size());
    const auto chosen = open_[cpu].end() - 1 - from_last;
    const std::uint64_t position = *chosen;
    Event record;
    input_.fill(&record, sizeof record);
    record.time %= longest_time;
    const std::uint64_t commit = record.commit;
    write(cpu, position, record);
    if (which % 2 != 0) slot(cpu, position).commit = commit;
    if (slot(cpu, position).commit > position) open_[cpu].erase(chosen);
  }

  Event& slot(std::size_t cpu, std::uint64_t position) {
    return slots_[cpu * size_ + position % size_].record;
  }

  // The tail repeats the record: an input says all by that.
  void write(std::size_t cpu, std::uint64_t position, const Event& record) {
    WholeEvent& whole = slots_[cpu * size_ + position % size_];
    whole.record = record;
    auto* tail = reinterpret_cast<char*>(&whole.tail);
    for (std::size_t at = 0; at < sizeof whole.tail; at += sizeof record)
      std::memcpy(tail + at, &record, std::min(sizeof record, sizeof whole.tail - at));
    whole.record.commit = position + 1;
  }

  bool consume(std::uint64_t deadline) {
    const Event* event = reader_.next(deadline);
    if (event == nullptr) return false;
    ++delivered_;
    require(is_well_formed(*event));
    require(event->time <= deadline);
    require(!describe(*event).empty());
    require(comm_of(*event).size() <= sizeof event->comm);
    for (int field = 0; field < tapset::field_count; ++field)
      if (const FieldLayout layout = layout_of(static_cast<tapset::Field>(field)); !layout.is_text)
        (void)load(*event, layout);
    for (const session::Firing& firing : consumer().dispatch->firings(*event))
      if (concerns(*firing.point, *event)) fire(firing, *event);
    return true;
  }

  void fire(const session::Firing& firing, const Event& event) {
    const vm::Occasion occasion{&event, firing.point, firing.text, firing.name, 0, false};
    if (const auto error = machine_.run(firing.handler, occasion)) {
      std::fprintf(stderr, "%s\n", error->message.c_str());
      std::abort();
    }
  }

  void skip() {
    reader_.skip_all();
    skipped_ = reserved() - delivered_ - reader_.overwritten();
    for (std::vector<std::uint64_t>& positions : open_) positions.clear();
  }

  Input& input_;
  std::size_t size_;
  std::vector<socktap_cpu> cpus_;
  std::vector<WholeEvent> slots_;
  std::vector<std::vector<std::uint64_t>> open_;  // reserved and not yet written, of each CPU
  RingReader reader_;
  Nowhere nowhere_;
  vm::Machine machine_;
  std::uint64_t delivered_ = 0;
  std::uint64_t skipped_ = 0;
};

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::size_t slots = std::size_t{1} << input.byte() % 5;
  const std::size_t cpus = 1 + input.byte() % 3;
  Play(input, slots, cpus).run();
  return 0;
}
