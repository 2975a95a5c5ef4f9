#include "ebpf/script_compiler.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "ebpf/handler_compiler.h"
#include "language/walk.h"

namespace socktap::ebpf {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;
using tapset::ProbePoint;

constexpr FieldLayout byte_at(std::size_t offset) {
  return {static_cast<std::uint16_t>(offset), 1, false, false};
}
constexpr FieldLayout operation_field = byte_at(offsetof(Event, operation));
constexpr FieldLayout phase_field = byte_at(offsetof(Event, phase));
constexpr FieldLayout path_field = byte_at(offsetof(Event, path));

// A handler at one of its points.
struct Firing {
  const plan::HandlerPlan* handler;
  const ProbePoint* point;

  bool operator==(const Firing&) const = default;
};
using Kind = std::tuple<Operation, Phase, Path>;  // Path::none: any
using FiringsByKind = std::map<Kind, std::vector<Firing>>;

constexpr Path paths[] = {Path::none,    Path::sendmsg,  Path::aio_write, Path::writev,
                          Path::recvmsg, Path::aio_read, Path::readv};

// Whether all paths of its operation and phase that are asked for fire the same.
bool paths_are_alike(const FiringsByKind& by_kind, const FiringsByKind::value_type& one) {
  return std::ranges::all_of(by_kind, [&one](const auto& other) {
    return std::get<Operation>(other.first) != std::get<Operation>(one.first) ||
           std::get<Phase>(other.first) != std::get<Phase>(one.first) || other.second == one.second;
  });
}

// Then they need not be told apart.
FiringsByKind without_needless_paths(const FiringsByKind& by_kind) {
  FiringsByKind merged;
  for (const FiringsByKind::value_type& entry : by_kind) {
    Kind kind = entry.first;
    if (paths_are_alike(by_kind, entry)) std::get<Path>(kind) = Path::none;
    merged[kind] = entry.second;
  }
  return merged;
}

FiringsByKind firings_of(const plan::Plan& plan) {
  FiringsByKind firings;
  for (const plan::HandlerPlan& handler : plan.handlers)
    for (const ProbePoint* point : handler.points)
      for (const Path path : paths)
        if (point->paths.contains(path))
          firings[{point->operation, point->phase, path}].push_back({&handler, point});
  return without_needless_paths(firings);
}

bool has_filter(const Firing& firing) {
  return firing.point->transport != tapset::Transport::any || !firing.handler->filter.empty();
}

// Without memory there are none to be read.
bool reads_globals(const language::Expr& condition) {
  bool reads = false;
  language::walk(condition, [&reads](const language::Expr& expression) {
    reads = reads || std::holds_alternative<language::Load>(expression.node) ||
            std::holds_alternative<language::Contains>(expression.node);
  });
  return reads;
}

constexpr std::int32_t header_epoch = offsetof(socktap_script_header, epoch);
constexpr std::int32_t header_event_time = offsetof(socktap_script_header, event_time);
constexpr std::int32_t header_update_time = offsetof(socktap_script_header, update_time);
constexpr std::int32_t header_answer = offsetof(socktap_script_header, answer);

class ScriptCompiler {
 public:
  ScriptCompiler(const plan::Plan& plan, const ScriptOptions& options)
      : plan_(plan),
        keeps_(options.keeps && !plan.tables.empty()),
        layout_(keeps_ ? memory_layout(plan) : MemoryLayout{}),
        script_{plan, layout_, options.target, options.secret},
        updates_(builder_, script_) {}

  std::optional<Program> compile() {
    builder_.emit(Move{ExpressionCompiler::record, Register::r1});
    if (keeps_) find_copy();
    for (const auto& [kind, firings] : firings_of(plan_)) {
      const bool is_told_apart =
          std::ranges::all_of(firings, has_filter) ||
          std::ranges::any_of(firings, [this](const Firing& firing) { return is_kept(firing); });
      if (!is_told_apart) continue;
      any_ = true;
      test_kind(kind, firings);
    }
    finish();
    if (!any_) return std::nullopt;
    return builder_.finish();
  }

 private:
  bool is_kept(const Firing& firing) const { return keeps_ && firing.handler->in_kernel; }

  void find_copy() {
    using enum Register;
    const Register memory = ExpressionCompiler::memory;
    const Register copy = UpdateCompiler::copy;
    builder_.emit(Move{memory, r2});
    builder_.emit(Store{Size::u64, memory, header_event_time, 0});
    builder_.emit(Store{Size::u64, memory, header_update_time, 0});
    builder_.emit(Store{Size::u64, memory, header_answer, 0});
    builder_.emit(Load{Size::u64, r2, memory, header_epoch});
    builder_.emit(Alu{AluOperator::bitwise_and, r2, 1});
    builder_.emit(Alu{AluOperator::multiply, r2, layout_.copy_size});
    builder_.emit(Move{copy, memory});
    builder_.emit(Alu{AluOperator::add, copy, layout_.copies});
    builder_.emit(Alu{AluOperator::add, copy, r2});
  }

  void finish() {
    builder_.from({});
    builder_.bind(wanted_);
    if (keeps_) {
      load_answer();
      builder_.emit(Alu{AluOperator::bitwise_or, Register::r0, SOCKTAP_SCRIPT_WANTS});
    } else {
      builder_.emit(Move{Register::r0, SOCKTAP_SCRIPT_WANTS});
    }
    builder_.emit(Jump{end_});
    builder_.bind(unwanted_);
    if (keeps_)
      load_answer();
    else
      builder_.emit(Move{Register::r0, 0});
    builder_.bind(end_);
    builder_.emit(Move{Register::r0, Register::r0});
  }

  void load_answer() {
    builder_.emit(Load{Size::u64, Register::r0, ExpressionCompiler::memory, header_answer});
  }

  void test_kind(const Kind& kind, const std::vector<Firing>& firings) {
    const Label another = builder_.new_label();
    const auto& [operation, phase, path] = kind;
    builder_.from({});
    builder_.note(name_of(operation));
    skip_unless(operation_field, static_cast<int>(operation), another);
    builder_.note(name_of(phase));
    skip_unless(phase_field, static_cast<int>(phase), another);
    if (path != Path::none) {
      builder_.note(name_of(path));
      skip_unless(path_field, static_cast<int>(path), another);
    }
    for (const Firing& firing : firings)
      if (is_kept(firing)) keep(firing);
    for (const Firing& firing : firings)
      if (!is_kept(firing)) test_firing(firing);
    builder_.emit(Jump{unwanted_});
    builder_.bind(another);
  }

  void skip_unless(FieldLayout field, std::int64_t value, Label target) {
    go_if(field, Condition::not_equal, value, target);
  }

  void go_if(FieldLayout field, Condition condition, std::int64_t value, Label target) {
    ExpressionCompiler::branch_on_field(builder_, field, condition, value, target);
  }

  void keep(const Firing& firing) {
    const Label next = builder_.new_label();
    builder_.note(firing.point->name);
    test_transport(*firing.point, next);
    HandlerCompiler compiler(builder_, updates_, *firing.point, script_);
    compiler.compile(plan_.program->handlers[firing.handler->handler]);
    builder_.bind(next);
  }

  void test_firing(const Firing& firing) {
    const Label next = builder_.new_label();
    builder_.note(firing.point->name);
    test_transport(*firing.point, next);
    ExpressionCompiler compiler(builder_, *firing.point, script_);
    for (const plan::Conjunct& conjunct : firing.handler->filter)
      if (keeps_ || !reads_globals(*conjunct.condition))
        compiler.branch(*conjunct.condition, !conjunct.holds, next);
    builder_.emit(Jump{wanted_});
    builder_.bind(next);
  }

  // As concerns() in event/derived.h.
  void test_transport(const ProbePoint& point, Label next) {
    if (point.transport == tapset::Transport::any) return;
    const bool tcp = point.transport == tapset::Transport::tcp;
    const Label is_ip = builder_.new_label();
    const FieldLayout family = layout_of(tapset::Field::family);
    go_if(family, Condition::equal, AF_INET, is_ip);
    go_if(family, Condition::not_equal, AF_INET6, next);
    builder_.bind(is_ip);
    go_if(layout_of(tapset::Field::protocol), Condition::not_equal, tcp ? IPPROTO_TCP : IPPROTO_UDP,
          next);
    go_if(layout_of(tapset::Field::type), Condition::not_equal, tcp ? SOCK_STREAM : SOCK_DGRAM,
          next);
  }

  const plan::Plan& plan_;
  const bool keeps_;
  const MemoryLayout layout_;
  const ScriptContext script_;
  Builder builder_;
  UpdateCompiler updates_;
  bool any_ = false;
  const Label wanted_ = builder_.new_label();
  const Label unwanted_ = builder_.new_label();
  const Label end_ = builder_.new_label();
};

}  // namespace

std::optional<Program> compile_script(const plan::Plan& plan, const ScriptOptions& options) {
  if (!plan.filters) return std::nullopt;
  return ScriptCompiler(plan, options).compile();
}

}  // namespace socktap::ebpf
