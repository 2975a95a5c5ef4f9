#include "ebpf/filter_compiler.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "ebpf/expression_compiler.h"

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

class FilterCompiler {
 public:
  explicit FilterCompiler(std::int64_t target) : target_(target) {}

  std::optional<Program> compile(const plan::Plan& plan) {
    bool any = false;
    builder_.emit(Move{ExpressionCompiler::record, Register::r1});
    for (const auto& [kind, firings] : firings_of(plan)) {
      if (!std::ranges::all_of(firings, has_filter)) continue;
      any = true;
      test_kind(kind, firings);
    }
    builder_.bind(wanted_);
    builder_.emit(Move{Register::r0, 1});
    builder_.emit(Jump{end_});
    builder_.bind(unwanted_);
    builder_.emit(Move{Register::r0, 0});
    builder_.bind(end_);
    builder_.emit(Move{Register::r0, Register::r0});
    if (!any) return std::nullopt;
    return builder_.finish();
  }

 private:
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
    for (const Firing& firing : firings) test_firing(firing);
    builder_.emit(Jump{unwanted_});
    builder_.bind(another);
  }

  void skip_unless(FieldLayout field, std::int64_t value, Label target) {
    go_if(field, Condition::not_equal, value, target);
  }

  void go_if(FieldLayout field, Condition condition, std::int64_t value, Label target) {
    ExpressionCompiler::branch_on_field(builder_, field, condition, value, target);
  }

  void test_firing(const Firing& firing) {
    const Label next = builder_.new_label();
    builder_.note(firing.point->name);
    if (firing.point->transport != tapset::Transport::any) test_transport(*firing.point, next);
    ExpressionCompiler compiler(builder_, *firing.point, target_);
    for (const plan::Conjunct& conjunct : firing.handler->filter)
      compiler.branch(*conjunct.condition, !conjunct.holds, next);
    builder_.emit(Jump{wanted_});
    builder_.bind(next);
  }

  // As concerns() in event/derived.h.
  void test_transport(const ProbePoint& point, Label next) {
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

  const std::int64_t target_;
  Builder builder_;
  const Label wanted_ = builder_.new_label();
  const Label unwanted_ = builder_.new_label();
  const Label end_ = builder_.new_label();
};

}  // namespace

std::optional<Program> compile_filter(const plan::Plan& plan, std::int64_t target) {
  if (!plan.filters) return std::nullopt;
  return FilterCompiler(target).compile(plan);
}

}  // namespace socktap::ebpf
