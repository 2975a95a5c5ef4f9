#include "sources/ebpf/attachment.h"

#include <algorithm>
#include <ctime>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/process_tree.h"
#include "base/signals.h"
#include "sources/calibration/calibration.h"
#include "sources/ebpf/limits.h"
#include "sources/ebpf/load_log.h"
#include "sources/ebpf/program_types.h"
#include "sources/ebpf/remedies.h"
#include "sources/ebpf/scope.h"
#include "sources/ebpf/selection.h"

namespace socktap::sources::ebpf {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

// A thing that a probe point can ask for, and the aspect that observes it.
struct Cell {
  Operation operation;
  Phase phase;
  Path path;

  Aspect aspect() const {
    if (operation == Operation::create) return Aspect::creates;
    if (operation == Operation::close) return Aspect::closes;
    if (operation == Operation::net_transmit) return Aspect::transmits;
    if (operation == Operation::net_receive) return Aspect::arrivals;
    if (operation == Operation::segment) return Aspect::segments;
    if (operation == Operation::disconnect) return Aspect::disconnects;
    if (operation == Operation::process) return Aspect::processes;
    if (operation == Operation::call)
      return phase == Phase::begin ? Aspect::call_entries : Aspect::call_exits;
    return phase == Phase::begin ? Aspect::begins : Aspect::messages;
  }
};

constexpr std::pair<Operation, Path> things[] = {
    {Operation::send, Path::sendmsg},      {Operation::send, Path::aio_write},
    {Operation::send, Path::writev},       {Operation::receive, Path::recvmsg},
    {Operation::receive, Path::aio_read},  {Operation::receive, Path::readv},
    {Operation::create, Path::none},       {Operation::close, Path::none},
    {Operation::net_transmit, Path::none}, {Operation::net_receive, Path::none},
    {Operation::segment, Path::none},      {Operation::disconnect, Path::none},
    {Operation::call, Path::none},         {Operation::process, Path::none},
};

std::vector<Cell> all_cells() {
  std::vector<Cell> cells;
  for (const auto& [operation, path] : things)
    for (const Phase phase : {Phase::begin, Phase::conclusion})
      if (tapset::is_offered(operation, phase)) cells.push_back({operation, phase, path});
  return cells;
}

class Attempt {
 public:
  Attempt(const Interest& interest, const Scope& scope, const AttachOptions& options)
      : interest_(interest), scope_(scope), options_(options), selection_(selection()) {}

  Result<Attachment> run();

 private:
  bool scoped() const { return !scope_.roots.empty(); }
  Selection selection() const {
    return {aspects_of(interest_, scoped()), options_.disabled_strategies, options_.backend,
            preemption_};
  }
  Result<void> look_at_kernel();
  void refuse(Backend backend, const Error& error);
  bool observes() const;
  Request request_for(std::vector<const Strategy*> strategies) const;
  // False: the selection changed, and is to be tried from the start.
  Result<bool> try_selection();
  Result<bool> refuse_culprits(const Error& error);
  bool script_part_costs(const Strategy& strategy, const Error& error);
  bool attach();
  Result<void> trace(const std::vector<pid_t>& processes);
  Result<void> trace_descendants();
  void calibrate();
  bool refuse_unreliable();
  Coverage coverage() const;

  const Interest& interest_;
  const Scope& scope_;
  const AttachOptions& options_;
  std::uint32_t pid_namespace_ = 0;
  std::optional<KernelTypes> types_;
  Preemption preemption_;
  std::string lacks_;
  Selection selection_;
  ScriptPart script_part_ = options_.script_part;
  std::optional<Error> refusal_of_script_part_;
  std::optional<Error> first_refusal_;
  Attachment attachment_;
  std::optional<Calibration> calibration_;
};

Result<Attachment> Attempt::run() {
  const Result<std::uint32_t> own_namespace = pid_namespace();
  if (!own_namespace) return tl::unexpected(own_namespace.error());
  pid_namespace_ = *own_namespace;
  if (const Result<void> known = look_at_kernel(); !known) return tl::unexpected(known.error());
  for (;;) {
    if (!observes() && first_refusal_) return tl::unexpected(*first_refusal_);
    if (scoped() && !selection_.chosen(Aspect::scope)) {
      const Refusal& why = selection_.refusals(Aspect::scope).back();
      return failure(
          "cannot follow processes: " + why.reason,
          why.remedy.empty() ? "without -c and -x, all processes are traced" : why.remedy,
          first_refusal_ ? first_refusal_->code : 0);
    }
    const Result<bool> done = try_selection();
    if (!done) return tl::unexpected(done.error());
    if (*done) break;
  }
  attachment_.coverage = coverage();
  return std::move(attachment_);
}

// Its types, and which kinds of programs it lets run: to find that out by loading all programs of
// a strategy would cost more.
Result<void> Attempt::look_at_kernel() {
  const bool typed = options_.types_file.empty();
  lacks_ = typed ? missing_basic() : "types of its own (CONFIG_DEBUG_INFO_BTF)";
  if (!lacks_.empty())
    if (Result<void> known = try_older_basics(); !known) return known;
  const bool asks = typed && selection_.has(Backend::fentry);
  const Result<void> permitted = asks ? try_permission(BPF_TRACE_FENTRY) : Result<void>();
  Result<KernelTypes> types = Collectors::kernel_types(asks && permitted, options_.types_file);
  if (!types) return tl::unexpected(types.error());
  types_ = std::move(*types);
  const int preempt_count = types_->variable(preempt_count_variable);
  const int function = types_->function(tried_function);
  Result<void> hooked = permitted;
  if (asks && permitted) hooked = try_typed(BPF_TRACE_FENTRY, function);
  preemption_ = {
      .tracepoints = typed ? tracepoints_are_preempted(preempt_count) : kernel_is_preempted(),
      .hooks = asks && hooked && hooks_are_preempted(preempt_count, function)};
  selection_ = selection();
  if (!hooked) refuse(Backend::fentry, hooked.error());
  if (!typed)
    refuse(Backend::fentry, {.message = "the kernel's eBPF lacks " + lacks_,
                             .hint = "a kernel with CONFIG_DEBUG_INFO_BTF"});
  if (selection_.has(Backend::kprobe))
    if (const Result<void> works = try_kprobe(tried_function); !works)
      refuse(Backend::kprobe, works.error());
  return {};
}

void Attempt::refuse(Backend backend, const Error& error) {
  if (!first_refusal_ && options_.backend == backend) first_refusal_ = error;
  selection_.refuse(backend, error.message, error.hint);
}

// To follow processes is not enough.
bool Attempt::observes() const {
  const std::vector<const Strategy*> chosen = selection_.chosen();
  return std::any_of(chosen.begin(), chosen.end(),
                     [](const Strategy* strategy) { return makes_events(strategy->aspect); });
}

// What nobody observes is not asked for: programs that several strategies share do without it.
Request Attempt::request_for(std::vector<const Strategy*> strategies) const {
  Interest observed = interest_;
  for (const Cell& cell : all_cells())
    if (std::ranges::find(strategies, cell.aspect(), &Strategy::aspect) == strategies.end())
      observed.renounce(cell.operation, cell.phase, cell.path);
  return {.interest = observed,
          .strategies = std::move(strategies),
          .scoped = scoped(),
          .include_self = scope_.include_self,
          .preemption = preemption_,
          .lacks = lacks_,
          .pid_namespace = pid_namespace_,
          .script_part = script_part_,
          .sizes = options_.sizes};
}

Result<bool> Attempt::try_selection() {
  attachment_ = {};
  Result<Collectors> collectors = Collectors::load(request_for(selection_.chosen()), *types_);
  if (!collectors) return refuse_culprits(collectors.error());
  attachment_.collectors = std::make_unique<Collectors>(std::move(*collectors));
  attachment_.reader =
      std::make_unique<RingReader>(attachment_.collectors->cpus(), attachment_.collectors->slots(),
                                   attachment_.collectors->record_size());
  if (Result<void> traced = trace(scope_.roots); !traced) return tl::unexpected(traced.error());
  if (!attach()) return false;
  if (Result<void> traced = trace_descendants(); !traced) return tl::unexpected(traced.error());
  calibrate();
  return !refuse_unreliable();
}

// All were refused together; which of them is found by loading each alone.
Result<bool> Attempt::refuse_culprits(const Error& error) {
  bool found = false;
  for (const Strategy* strategy : selection_.chosen()) {
    const Result<Collectors> alone = Collectors::load(request_for({strategy}), *types_);
    if (alone) continue;
    if (script_part_costs(*strategy, alone.error())) return false;
    found = true;
    if (!first_refusal_) {
      first_refusal_ = alone.error();
      first_refusal_->hint = remedy_for(alone.error().code, strategy->needs);
    }
    selection_.refuse(*strategy, alone.error());
  }
  if (!found) {  // they do not go together
    Error together = error;
    if (!together.hint.empty()) together.message += " (" + together.hint + ")";
    return tl::unexpected(together);
  }
  return false;
}

// Whether it is the script's part that is refused in this one's programs; then the run does with as
// much of it as is taken.
bool Attempt::script_part_costs(const Strategy& strategy, const Error& error) {
  if (script_part_.empty()) return false;
  const ScriptPart whole = script_part_;
  script_part_.keeper.clear();
  script_part_.thread_maps.reset();
  if (whole.keeper.empty() || !Collectors::load(request_for({&strategy}), *types_))
    script_part_ = {};
  if (!script_part_.empty() || Collectors::load(request_for({&strategy}), *types_)) {
    refusal_of_script_part_ = error;
    return true;
  }
  script_part_ = whole;
  return false;
}

bool Attempt::attach() {
  for (const Strategy* strategy : selection_.chosen()) {
    const Result<void> attached = attachment_.collectors->attach(*strategy);
    if (attached) continue;
    if (!first_refusal_) first_refusal_ = attached.error();
    selection_.refuse(*strategy, attached.error());
    return false;
  }
  return true;
}

Result<void> Attempt::trace(const std::vector<pid_t>& processes) {
  for (const pid_t process : processes)
    if (Result<void> traced = attachment_.collectors->trace(process); !traced) return traced;
  return {};
}

// New processes are followed already, so this ends when nobody was missed.
Result<void> Attempt::trace_descendants() {
  std::vector<pid_t> known = scope_.roots;
  while (scoped()) {
    const std::vector<pid_t> found = descendants(list_processes(), known);
    if (Result<void> traced = trace(found); !traced) return traced;
    if (found == known) break;
    known = found;
  }
  return {};
}

void Attempt::calibrate() {
  const Strategy* messages = selection_.chosen(Aspect::messages);
  const bool by_family = messages && messages->distinguishes_families;
  calibration_.emplace(interest_, options_.thorough ? Calibration::Extent::calls
                                  : by_family       ? Calibration::Extent::families
                                                    : Calibration::Extent::paths);
  attachment_.collectors->set_stage(SOCKTAP_STAGE_CALIBRATING);
  {
    const BlockedSignals blocked;  // a handler's events would be this thread's
    calibration_->drive();
  }
  attachment_.collectors->set_stage(SOCKTAP_STAGE_OFF);
  RingReader& reader = *attachment_.reader;
  reader.look(read_clock(CLOCK_MONOTONIC));
  while (const Event* event = reader.next(~std::uint64_t{0}))
    if (calibration_->has_made(*event)) calibration_->see(*event);
  reader.skip_all();
}

// Goes on to another strategy where there is one, if something was missed or counted twice.
bool Attempt::refuse_unreliable() {
  for (const Cell& cell : all_cells()) {
    if (!interest_.wants(cell.operation, cell.phase, cell.path)) continue;
    const Strategy* strategy = selection_.chosen(cell.aspect());
    if (!strategy || selection_.is_settled(cell.aspect())) continue;
    const Calibration::Outcome outcome =
        calibration_->outcome(cell.operation, cell.phase, cell.path);
    if (outcome.verdict == Verdict::exactly_once || outcome.verdict == Verdict::not_verified)
      continue;
    selection_.set_aside(*strategy, "attached, but calibration found it " +
                                        std::string(sources::describe(outcome.verdict)));
    return true;
  }
  return false;
}

Coverage Attempt::coverage() const {
  Coverage coverage{.source = "eBPF", .limits = limits_of(selection_, interest_, preemption_)};
  coverage.limits.insert(coverage.limits.end(), options_.script_part.limits.begin(),
                         options_.script_part.limits.end());
  coverage.refusals = options_.script_part.refusals;
  if (refusal_of_script_part_)
    coverage.refusals.push_back(refusal_of_script_part(
        options_.script_part.keeper.empty() ? "filtered" : "counted", *refusal_of_script_part_));
  for (const Cell& cell : all_cells()) {
    PathCoverage path{.operation = cell.operation, .phase = cell.phase, .path = cell.path};
    path.refusals = selection_.refusals(cell.aspect());
    if (interest_.wants(cell.operation, cell.phase, cell.path)) {
      const Strategy* strategy = selection_.chosen(cell.aspect());
      path.strategy = strategy ? strategy->name : "";
      const Calibration::Outcome outcome =
          calibration_->outcome(cell.operation, cell.phase, cell.path);
      path.verdict = strategy ? outcome.verdict : Verdict::blind;
      path.driven = outcome.driven;
      path.seen = outcome.seen;
      path.missed = outcome.missed;
    }
    coverage.paths.push_back(std::move(path));
  }
  if (const Strategy* messages = selection_.chosen(Aspect::messages))
    coverage.source = describe(messages->backend);
  else if (!selection_.chosen().empty())
    coverage.source = describe(selection_.chosen().front()->backend);
  return coverage;
}

}  // namespace

Result<Attachment> attach_collectors(const Interest& interest, const Scope& scope,
                                     const AttachOptions& options) {
  const LoadLog quiet;  // what attaching has to say, too
  return Attempt(interest, scope, options).run();
}

}  // namespace socktap::sources::ebpf
