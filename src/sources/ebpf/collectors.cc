#include "sources/ebpf/collectors.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <fstream>
#include <optional>

#include "sources/calls/call_forms.h"
#include "sources/ebpf/load_log.h"
#include "sources/ebpf/program_loading.h"
#include "sources/ebpf/program_types.h"
#include "sources/ebpf/scope.h"

namespace socktap::sources::ebpf {
namespace {

constexpr std::uint32_t fewest_slots = 256;

// The types whose layout the collectors ask for, and the tracepoints they attach to.
constexpr std::string_view touched_types[] = {
    "bpf_func_id", "cred",          "fdtable",      "file",      "files_struct",  "fred_info",
    "inet_sock",   "inode",         "io_kiocb",     "io_worker", "io_wq_work",    "kiocb",
    "net",         "net_device",    "nsproxy",      "pid",       "pid_namespace", "proto_ops",
    "pt_regs",     "signal_struct", "sk_buff",      "sock",      "socket",        "socket_alloc",
    "task_struct", "thread_info",   "unix_address", "unix_sock", "upid",          "vm_struct"};
constexpr std::string_view tracepoints[] = {
    "io_uring_file_get", "io_uring_submit_req", "io_uring_submit_sqe", "net_dev_queue",
    "netif_receive_skb", "sched_process_exec",  "sched_process_exit",  "sched_process_fork",
    "sched_switch",      "sock_recv_length",    "sock_send_length",    "sys_enter",
    "sys_exit"};

constexpr std::string_view preempt_count[] = {preempt_count_variable};
constexpr std::string_view functions[] = {"____sys_sendmsg",
                                          "__sock_create",
                                          "__sock_release",
                                          "__sys_sendto",
                                          "inet6_recvmsg",
                                          "inet_recvmsg",
                                          "netlink_recvmsg",
                                          "packet_recvmsg",
                                          "security_socket_recvmsg",
                                          "security_socket_sendmsg",
                                          "sock_common_recvmsg",
                                          "sock_recvmsg",
                                          "sock_sendmsg",
                                          "sock_sendpage",
                                          "sock_splice_read",
                                          "sock_write_iter",
                                          "unix_dgram_recvmsg",
                                          "unix_seqpacket_recvmsg",
                                          "unix_stream_recvmsg"};

// nullptr: the object for older kernels has none of that name.
bpf_program* program_named(const bpf_object* object, std::string_view name) {
  return bpf_object__find_program_by_name(object, std::string(name).c_str());
}

// All of them, or none that may be loaded: half a strategy is a mistake of ours.
bool has_programs(const bpf_object* object, const Strategy& strategy) {
  const auto has = [object](std::string_view name) {
    return program_named(object, name) != nullptr;
  };
  if (!std::ranges::all_of(strategy.programs, has)) return false;
  assert(std::ranges::all_of(strategy.optional, has) && std::ranges::all_of(strategy.twins, has));
  return true;
}

// Leaves only the programs of the request's strategies to be loaded: of the optional ones, those
// whose function the kernel's types have.
void choose_programs(bpf_object* object, const Request& request, const KernelTypes& types) {
  bpf_program* program = nullptr;
  while ((program = bpf_object__next_program(object, program)) != nullptr)
    bpf_program__set_autoload(program, false);
  for (const Strategy* strategy : request.strategies) {
    for (const std::string_view name : strategy->programs)
      bpf_program__set_autoload(program_named(object, name), true);
    for (const std::string_view name : strategy->twins)
      bpf_program__set_autoload(program_named(object, name), request.preemption.tracepoints);
    for (const std::string_view name : strategy->optional) {
      bpf_program* optional = program_named(object, name);
      bpf_program__set_autoload(optional, ProgramLoading::has_target(optional, types));
    }
  }
}

std::uint32_t slots_of_a_ring(const Sizes& sizes, std::uint32_t rings, std::size_t record_size) {
  if (sizes.slots != 0) return sizes.slots;
  // By default as many as of short records, but of very long ones a quarter.
  const std::size_t usual = default_ring_bytes(rings) / sizeof(Event) * record_size;
  const std::size_t bytes = sizes.ring_bytes                  ? sizes.ring_bytes
                            : record_size > 2 * sizeof(Event) ? usual / 4
                                                              : usual;
  return std::max(fewest_slots, static_cast<std::uint32_t>(std::bit_floor(bytes / record_size)));
}

std::optional<int> twin_of(std::string_view program) {
  struct Row {
    std::string_view program;
    int twin;
  };
  static constexpr Row rows[] = {
      {"send_typed", SOCKTAP_TWIN_send},
      {"send_probed", SOCKTAP_TWIN_send},
      {"receive_typed", SOCKTAP_TWIN_receive},
      {"receive_probed", SOCKTAP_TWIN_receive},
      {"calls_enter", SOCKTAP_TWIN_calls_enter},
      {"calls_exit", SOCKTAP_TWIN_calls_exit},
      {"calls_conclude", SOCKTAP_TWIN_calls_conclude},
      {"close_at_exit", SOCKTAP_TWIN_close_at_exit},
      {"system_call_enter", SOCKTAP_TWIN_system_call_enter},
      {"system_call_exit", SOCKTAP_TWIN_system_call_exit},
      {"process_fork", SOCKTAP_TWIN_process_fork},
      {"process_exec", SOCKTAP_TWIN_process_exec},
      {"process_exit", SOCKTAP_TWIN_process_exit},
  };
  static_assert(std::size(rows) == SOCKTAP_TWINS + 2, "messages have two kinds");
  const auto* found = std::ranges::find(rows, program, &Row::program);
  return found == std::end(rows) ? std::nullopt : std::optional(found->twin);
}

std::string names_of(const std::vector<const Strategy*>& strategies) {
  std::string names;
  for (const Strategy* strategy : strategies) {
    if (!names.empty()) names += ", ";
    names += strategy->name;
  }
  return names;
}

}  // namespace

std::uint32_t ring_count() {
  std::ifstream file("/sys/devices/system/cpu/online");  // "0-3,8"
  std::string text;
  if (!std::getline(file, text))
    return static_cast<std::uint32_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_CONF)));
  const std::size_t last = text.find_last_of(",-");
  return static_cast<std::uint32_t>(
             std::strtoul(text.c_str() + (last == std::string::npos ? 0 : last + 1), nullptr, 10)) +
         1;
}

std::size_t default_ring_bytes(std::uint32_t rings) {
  constexpr std::size_t megabyte = std::size_t{1} << 20;
  return std::max(8 * megabyte / rings, megabyte);
}

void Collectors::DestroyLink::operator()(bpf_link* link) const { bpf_link__destroy(link); }

Collectors::Collectors(std::unique_ptr<CollectorObject> object) : object_(std::move(object)) {}
Collectors::Collectors(Collectors&&) noexcept = default;
Collectors& Collectors::operator=(Collectors&&) noexcept = default;
Collectors::~Collectors() = default;

Result<KernelTypes> Collectors::kernel_types(bool with_functions, const std::string& file) {
  KernelTypes::Wanted wanted{
      .types = touched_types, .tracepoints = tracepoints, .variables = preempt_count};
  if (with_functions) wanted.functions = functions;
  return file.empty() ? KernelTypes::of_running_kernel(wanted) : KernelTypes::of_file(file, wanted);
}

Result<Collectors> Collectors::load(const Request& request, const KernelTypes& types) {
  const LoadLog log;
  const ProgramLoading loading(types, request.chosen_part());
  const std::string excerpt = types.excerpt_path();
  LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = excerpt.c_str());
  Collectors collectors(open_collectors(!request.lacks.empty(), options));
  if (!collectors.object_) return system_failure("cannot open the eBPF collectors", errno);
  for (const Strategy* strategy : request.strategies)
    if ((strategy->only_usual && !request.lacks.empty()) ||
        !has_programs(collectors.object_->get(), *strategy))
      return failure("the programs of " + std::string(strategy->name) +
                     " need what the kernel's eBPF lacks: " + request.lacks);

  collectors.configure(request, types);
  if (const int refused = collectors.object_->load(); refused != 0)
    return system_failure("cannot load " + names_of(request.strategies), -refused, log.reason());
  collectors.variables_ = collectors.object_->variables();
  if (const Result<void> mapped = collectors.map_shared_memory(); !mapped)
    return tl::unexpected(mapped.error());
  return collectors;
}

void Collectors::configure(const Request& request, const KernelTypes& types) {
  cpu_count_ = ring_count();
  record_size_ = socktap::record_size(request.interest.fields);
  ring_slots_ = slots_of_a_ring(request.sizes, cpu_count_, record_size_);
  const CollectorVariables variables = object_->variables();
  const socktap_settings settings = settings_for(request, ring_slots_);
  *variables.settings = settings;
  if (request.interest.wants(tapset::Operation::call))
    *variables.call_settings = call_settings_for(request.interest.calls);
  choose_programs(object_->get(), request, types);
  const bool closes = settings.by_calls & SOCKTAP_BY_CALLS_CLOSES;
  const auto uses = [&request](Aspect aspect, std::initializer_list<Backend> backends) {
    return std::ranges::any_of(request.strategies, [&](const Strategy* strategy) {
      return strategy->aspect == aspect && std::ranges::count(backends, strategy->backend) > 0;
    });
  };
  const Interest& interest = request.interest;

  resize("cpus", cpu_count_);
  bpf_map__set_value_size(map_named("slots"), static_cast<__u32>(record_size_));
  resize("slots", cpu_count_ * ring_slots_);
  resize("scope", request.scoped ? SOCKTAP_SCOPE_ENTRIES : 1);
  resize("closing_sockets", request.sizes.closing_sockets);
  resize("closing_tails", request.sizes.closing_sockets);
  resize("releasing_files", request.sizes.closing_sockets);
  create_only_if("script_memory", request.keeps());
  if (request.keeps()) {
    script_memory_size_ = request.script_part.layout.size;
    bpf_map__set_value_size(map_named("script_memory"), static_cast<__u32>(script_memory_size_));
    resize("script_memory", cpu_count_);
  }
  create_only_if("uring_submissions", settings.tell_opcodes);
  create_only_if("uring_retries", settings.tell_opcodes);
  create_only_if("entry_times",
                 settings.remember_entries || interest.fields.contains(tapset::Field::latency));
  for (const char* map : {"closing_calls", "closing_sockets", "releasing_files", "ending_threads",
                          "ending_processes"})
    create_only_if(map, closes);
  create_only_if("closing_tails", closes && (settings.has_addresses ||
                                             interest.fields.contains(tapset::Field::unix_path)));
  create_only_if("creating_calls", closes || settings.by_calls & SOCKTAP_BY_CALLS_CREATES);
  create_only_if("twin_marks", request.preemption.tracepoints);
  create_only_if("thread_messages", uses(Aspect::messages, {Backend::fentry, Backend::kprobe}));
  create_only_if("kept_messages", uses(Aspect::messages, {Backend::kprobe}));
  create_only_if("sending_pages", uses(Aspect::begins, {Backend::fentry, Backend::kprobe}));
  create_only_if("kept_creates", uses(Aspect::creates, {Backend::kprobe}));
  create_only_if("calls_under_way",
                 interest.wants(tapset::Operation::call, tapset::Phase::conclusion));
  create_only_if("ended_processes", interest.wants(tapset::Operation::process));
  create_only_if("gathering", interest.fields.contains(tapset::Field::capture_0));
}

bpf_map* Collectors::map_named(const char* name) const {
  bpf_map* map = bpf_object__find_map_by_name(object_->get(), name);
  assert(map && "both objects have all of the maps");
  return map;
}

void Collectors::resize(const char* map, std::uint32_t entries) {
  bpf_map__set_max_entries(map_named(map), entries);
}

void Collectors::create_only_if(const char* map, bool wanted) {
  bpf_map__set_autocreate(map_named(map), wanted);
}

Result<void> Collectors::map_shared_memory() {
  struct Shared {
    const bpf_map* map;
    bool writable;
    MapMemory& mapping;
  };
  for (const Shared& shared :
       {Shared{map_named("cpus"), true, cpus_}, Shared{map_named("slots"), false, slots_}}) {
    Result<MapMemory> mapped = MapMemory::of_whole(shared.map, shared.writable);
    if (!mapped) return tl::unexpected(mapped.error());
    shared.mapping = std::move(*mapped);
  }
  if (script_memory_size_ == 0) return {};
  Result<MapMemory> mapped = MapMemory::of_whole(map_named("script_memory"), /*writable=*/true);
  if (!mapped) return tl::unexpected(mapped.error());
  script_memory_ = std::move(*mapped);
  return {};
}

Result<void> Collectors::attach(const Strategy& strategy) {
  const auto attach_all = [this](std::span<const std::string_view> names) -> Result<void> {
    for (const std::string_view name : names) {
      const bpf_program* program = program_named(object_->get(), name);
      if (!bpf_program__autoload(program) || !attached_.insert(name).second) continue;
      bpf_link* link = ProgramLoading::attach(program);
      if (!link) return system_failure("cannot attach " + std::string(name), errno);
      links_.emplace_back(link);
    }
    return {};
  };
  if (Result<void> attached = attach_all(strategy.programs); !attached) return attached;
  for (const std::string_view name : strategy.optional) {
    const bpf_program* program = program_named(object_->get(), name);
    if (!bpf_program__autoload(program)) continue;
    if (bpf_link* link = ProgramLoading::attach(program)) links_.emplace_back(link);
  }
  if (makes_events(strategy.aspect)) {
    skippable_.insert(strategy.programs.begin(), strategy.programs.end());
    skippable_.insert(strategy.optional.begin(), strategy.optional.end());
    for (const std::string_view name : strategy.spare) skippable_.erase(name);
  }
  return attach_all(strategy.twins);
}

// The last first: a twin without its program would do the work of both.
void Collectors::detach() {
  while (!links_.empty()) links_.pop_back();
}

void Collectors::set_stage(socktap_stage stage) {
  __atomic_store_n(variables_.stage, stage, __ATOMIC_RELEASE);
}

// Only the page that has the process's place: what is mapped counts as our memory.
Result<void> Collectors::trace(pid_t process) {
  const auto place = static_cast<std::size_t>(process);
  Result<MapMemory> mapped = MapMemory::of_page(map_named("scope"), place);
  if (!mapped) return tl::unexpected(mapped.error());
  auto* traced = static_cast<__u8*>(mapped->address());
  __atomic_store_n(&traced[place % MapMemory::page_size()], 1, __ATOMIC_RELAXED);
  return {};
}

std::span<socktap_cpu> Collectors::cpus() const {
  return {static_cast<socktap_cpu*>(cpus_.address()), cpu_count_};
}

std::span<const std::byte> Collectors::slots() const {
  return {static_cast<const std::byte*>(slots_.address()),
          std::size_t{cpu_count_} * ring_slots_ * record_size_};
}

std::span<std::byte> Collectors::script_memory() const {
  return {static_cast<std::byte*>(script_memory_.address()), cpu_count_ * script_memory_size_};
}

std::uint64_t Collectors::lost_on_new_cpus() const { return *variables_.lost_on_new_cpus; }

std::uint64_t Collectors::unsettled_releases() const {
  return __atomic_load_n(variables_.unsettled, __ATOMIC_RELAXED);
}

std::uint64_t Collectors::recursion_misses() const {
  std::uint64_t lost = 0;
  for (const std::string_view name : skippable_) {
    const int fd = bpf_program__fd(program_named(object_->get(), name));
    bpf_prog_info info = {};
    __u32 length = sizeof(info);
    if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &length) != 0) continue;
    const std::optional<int> twin = twin_of(name);
    const std::uint64_t taken_over =
        twin ? __atomic_load_n(&variables_.taken_over[*twin], __ATOMIC_RELAXED) : 0;
    lost += info.recursion_misses - std::min<std::uint64_t>(info.recursion_misses, taken_over);
  }
  return lost;
}

}  // namespace socktap::sources::ebpf
