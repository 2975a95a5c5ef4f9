#include "sources/ebpf/ebpf_source.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/clock.h"
#include "ebpf/partials.h"
#include "ebpf/settled_values.h"
#include "sources/interest.h"

namespace socktap::sources {

using namespace ebpf;  // the folder's own parts

namespace {

constexpr std::uint64_t millisecond = 1'000'000;
// A process is reaped before its last thread is quite gone.
constexpr std::uint64_t longest_farewell = 20 * millisecond;
constexpr std::uint64_t longest_wait_for_writers = 200 * millisecond;

// Until those that run now have ended.
bool wait_for_programs() { return ::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) == 0; }

socktap_script_header& header_of(std::span<std::byte> memory) {
  return *reinterpret_cast<socktap_script_header*>(memory.data());
}

}  // namespace

EbpfSource::EbpfSource(EbpfOptions options) : options_(std::move(options)) {
  coverage_.source = "raw tracepoints";
}

EbpfSource::~EbpfSource() = default;

plan::Capabilities EbpfSource::capabilities() const {
  return {.filters = true, .accumulates = true};
}

Result<void> EbpfSource::attach(const plan::Plan& plan, const Scope& scope) {
  stopped_ = drained_ = false;
  delivered_ = abandoned_ = 0;
  before_ = {};
  collectors_.reset();
  reader_.reset();
  update_realtime_offset();
  const Interest interest = interest_of(plan);
  if (interest.empty()) return {};
  plan_ = &plan;
  script_part_ = script_part_of(plan, scope.target);
  copy_ = 0;
  AttachOptions options = options_;
  options.script_part = script_part_;
  Result<Attachment> attachment = attach_collectors(interest, scope, options);
  if (!attachment) return tl::unexpected(attachment.error());
  collectors_ = std::move(attachment->collectors);
  reader_ = std::move(attachment->reader);
  coverage_ = std::move(attachment->coverage);
  pace_ = {};
  before_ = count();
  // What a thread has of its own is there only: nothing may come before it can be kept.
  const bool waits = !plan.tables.thread_arrays.empty() && !collectors_->script_memory().empty();
  collectors_->set_stage(waits ? SOCKTAP_STAGE_OFF : SOCKTAP_STAGE_LIVE);
  return {};
}

Result<const Event*> EbpfSource::next(std::uint64_t deadline) {
  if (!reader_) {
    sleep_until(deadline);
    drained_ = stopped_;
    return nullptr;
  }
  for (;;) {
    if (const Event* event = reader_->next(deadline)) {
      ++delivered_;
      return event;
    }
    if (stopped_ && last_look_ > stopped_at_ && reader_->empty()) {
      drained_ = true;
      return nullptr;
    }
    if (reader_->complete_to(deadline)) return nullptr;
    if (stopped_ && reader_->waiting()) wait_for_writers();
    if (!stopped_) pace_.wait(reader_->fill(), last_look_, deadline);
    last_look_ = now();
    update_realtime_offset();
    reader_->look(last_look_);
  }
}

// A program may have been interrupted while it wrote its record. It cannot have been removed, but
// need not be continued soon.
void EbpfSource::wait_for_writers() {
  sleep_until(now() + millisecond / 10);
  if (now() > stopped_at_ + longest_wait_for_writers) abandoned_ += reader_->pass_unpublished();
}

// Each CPU's, which begins with its header.
std::vector<std::span<std::byte>> EbpfSource::script_memories() const {
  std::vector<std::span<std::byte>> memories;
  if (!collectors_) return memories;
  const std::size_t size = script_part_.layout.size;
  for (std::span<std::byte> rest = collectors_->script_memory(); !rest.empty();
       rest = rest.subspan(size))
    memories.push_back(rest.first(size));
  return memories;
}

void EbpfSource::start_keeping(const plan::SettledValues& values) {
  const std::vector<std::span<std::byte>> memories = script_memories();
  if (memories.empty()) return;
  for (const std::span<std::byte> memory : memories)
    socktap::ebpf::write_settled(*plan_, script_part_.layout, values, script_part_.secret, memory);
  tell_realtime_offset();
  wait_for_programs();  // who sees that it is ready sees the values too
  for (const std::span<std::byte> memory : memories)
    __atomic_store_n(&header_of(memory).ready, 1, __ATOMIC_RELEASE);
  collectors_->set_stage(SOCKTAP_STAGE_LIVE);
}

bool EbpfSource::has_no_room() const {
  return std::ranges::any_of(script_memories(), [this](std::span<std::byte> memory) {
    return socktap::ebpf::has_refused(script_part_.layout, memory, copy_);
  });
}

// The programs go on with the other copy. Those that have begun with this one are waited for.
Result<plan::Partials> EbpfSource::take_kept() {
  plan::Partials partials;
  const std::vector<std::span<std::byte>> memories = script_memories();
  if (memories.empty()) return partials;
  const unsigned copy = std::exchange(copy_, 1 - copy_);
  for (const std::span<std::byte> memory : memories)
    __atomic_store_n(&header_of(memory).epoch, copy_, __ATOMIC_RELEASE);
  if (!wait_for_programs())
    return system_failure("membarrier: cannot wait for programs to end", errno);
  for (const std::span<std::byte> memory : memories)
    socktap::ebpf::take_partials(*plan_, script_part_.layout, memory, copy, partials);
  return partials;
}

void EbpfSource::stop() {
  if (stopped_) return;
  stopped_ = true;
  if (!collectors_) {
    drained_ = true;
    return;
  }
  for (const std::uint64_t begin = now();
       collectors_->unsettled_releases() > 0 && now() < begin + longest_farewell;)
    sleep_until(now() + millisecond / 4);
  collectors_->set_stage(SOCKTAP_STAGE_OFF);
  collectors_->detach();
  abandoned_ += collectors_->unsettled_releases();
  stopped_at_ = now();
}

bool EbpfSource::finished() const { return drained_; }

// As the counters stand now.
Statistics EbpfSource::count() const {
  Statistics statistics;
  for (const socktap_cpu& cpu : collectors_->cpus()) {
    statistics.filtered += __atomic_load_n(&cpu.filtered, __ATOMIC_RELAXED);
    statistics.unwanted += __atomic_load_n(&cpu.unwanted, __ATOMIC_RELAXED);
    statistics.losses[Loss::buffer_full] += __atomic_load_n(&cpu.lost, __ATOMIC_RELAXED);
    statistics.losses[Loss::map_full] += __atomic_load_n(&cpu.map_full, __ATOMIC_RELAXED);
    statistics.losses[Loss::missed] += __atomic_load_n(&cpu.missed, __ATOMIC_RELAXED);
  }
  for (const std::span<std::byte> memory : script_memories()) {
    statistics.kept += __atomic_load_n(&header_of(memory).kept, __ATOMIC_RELAXED);
    statistics.unwanted += __atomic_load_n(&header_of(memory).unwanted, __ATOMIC_RELAXED);
  }
  statistics.losses[Loss::buffer_full] += collectors_->lost_on_new_cpus() + reader_->overwritten();
  statistics.losses[Loss::missed] += abandoned_;
  statistics.losses[Loss::recursion] = collectors_->recursion_misses();
  return statistics;
}

Statistics EbpfSource::statistics() const {
  if (!collectors_) return {.delivered = delivered_};
  Statistics statistics = count();
  statistics.delivered = delivered_;
  statistics.filtered -= before_.filtered;
  statistics.unwanted -= before_.unwanted;
  for (std::size_t kind = 0; kind < loss_kinds; ++kind)
    statistics.losses.counts[kind] -=
        std::min(statistics.losses.counts[kind], before_.losses.counts[kind]);
  statistics.losses[Loss::blind_path] = count_of(coverage_, Verdict::blind);
  return statistics;
}

std::uint64_t EbpfSource::now() const { return read_clock(CLOCK_MONOTONIC); }

std::int64_t EbpfSource::realtime_offset() const { return realtime_offset_; }

// Kept as it is while the clocks agree, so that differences between events are exact.
void EbpfSource::update_realtime_offset() {
  const auto offset = static_cast<std::int64_t>(read_clock(CLOCK_REALTIME) - now());
  if (std::abs(offset - realtime_offset_) <= static_cast<std::int64_t>(millisecond)) return;
  realtime_offset_ = offset;
  tell_realtime_offset();
}

void EbpfSource::tell_realtime_offset() {
  for (const std::span<std::byte> memory : script_memories())
    __atomic_store_n(&header_of(memory).realtime_offset, realtime_offset_, __ATOMIC_RELAXED);
}

}  // namespace socktap::sources
