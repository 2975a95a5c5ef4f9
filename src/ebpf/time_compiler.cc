#include "ebpf/time_compiler.h"

#include "ebpf/expression_compiler.h"

namespace socktap::ebpf {
namespace {

using enum Register;

constexpr Register memory = ExpressionCompiler::memory;
constexpr Register record = ExpressionCompiler::record;

constexpr std::int32_t header_event_time = offsetof(socktap_script_header, event_time);
constexpr std::int32_t header_update_time = offsetof(socktap_script_header, update_time);
constexpr std::int32_t header_offset = offsetof(socktap_script_header, realtime_offset);

// Into r0. A record has its time already if its programs took it.
void load_event_time(Builder& builder) {
  const Label known = builder.new_label();
  const Label taken = builder.new_label();
  builder.emit(Load{Size::u64, r0, memory, header_event_time});
  builder.emit(JumpIf{Condition::not_equal, r0, 0, known});
  builder.emit(Load{Size::u64, r0, record, offsetof(Event, time)});
  builder.emit(JumpIf{Condition::not_equal, r0, 0, taken});
  builder.emit(CallHelper{Helper::ktime_get_ns});
  builder.bind(taken);
  builder.emit(Store{Size::u64, memory, header_event_time, r0});
  builder.bind(known);
}

}  // namespace

void load_clock(Builder& builder, const EventClock& clock) {
  load_event_time(builder);
  if (clock.since == EventClock::Since::year_1970) {
    builder.emit(Load{Size::u64, r1, memory, header_offset});
    builder.emit(Alu{AluOperator::add, r0, r1});
  }
  if (clock.unit != 1) builder.emit(Alu{AluOperator::divide, r0, std::int64_t{clock.unit}});
}

void load_update_time(Builder& builder) {
  const Label known = builder.new_label();
  builder.emit(Load{Size::u64, r0, memory, header_update_time});
  builder.emit(JumpIf{Condition::not_equal, r0, 0, known});
  load_event_time(builder);
  builder.bind(known);
  builder.emit(Move{r1, r0});
  builder.emit(Alu{AluOperator::add, r1, 1});
  builder.emit(Store{Size::u64, memory, header_update_time, r1});
}

}  // namespace socktap::ebpf
