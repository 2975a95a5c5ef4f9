#include "sources/ebpf/program_loading.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/ebpf/script_part.h"

namespace socktap::sources::ebpf {
namespace {

// Typed ones become programs of type TRACING only when they are loaded: libbpf reads the kernel's
// types for those. The sections are none that libbpf or another of its users knows.
struct Kind {
  const char* section;  // with the slash
  bpf_prog_type type;
  bpf_attach_type attach_type;
  int (KernelTypes::*target)(std::string_view) const;  // of typed ones
};
constexpr std::array<Kind, 6> kinds{{
    {"socktap/tp_btf/", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_TRACE_RAW_TP, &KernelTypes::tracepoint},
    {"socktap/fentry/", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_TRACE_FENTRY, &KernelTypes::function},
    {"socktap/fexit/", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_TRACE_FEXIT, &KernelTypes::function},
    {"socktap/raw_tp/", BPF_PROG_TYPE_RAW_TRACEPOINT, {}, nullptr},
    {"socktap/kprobe/", BPF_PROG_TYPE_KPROBE, {}, nullptr},
    {"socktap/kretprobe/", BPF_PROG_TYPE_KPROBE, {}, nullptr},
}};

std::string_view section_of(const bpf_program* program) {
  return bpf_program__section_name(program);
}

// Every program of ours is of one.
const Kind& kind_of(const bpf_program* program) {
  const std::string_view section = section_of(program);
  const auto* found = std::ranges::find_if(
      kinds, [section](const Kind& kind) { return section.starts_with(kind.section); });
  assert(found != kinds.end());
  return *found;
}

// What it attaches to by name.
std::string name_of_target(const bpf_program* program) {
  return std::string(section_of(program).substr(std::string_view(kind_of(program).section).size()));
}

int number_of_target(const bpf_program* program, const KernelTypes& types) {
  return (types.*kind_of(program).target)(name_of_target(program));
}

// Of the calling thread.
thread_local const ProgramLoading* in_effect = nullptr;

// libbpf's table of handlers is the process's, and has no lock: ours are there from before main()
// or dlopen() returns on, and stay.
bool register_handlers(libbpf_prog_prepare_load_fn_t prepare) {
  LIBBPF_OPTS(libbpf_prog_handler_opts, options, .prog_prepare_load_fn = prepare);
  return std::ranges::all_of(kinds, [&options](const Kind& kind) {
    return libbpf_register_prog_handler(kind.section, kind.type, bpf_attach_type{}, &options) > 0;
  });
}

}  // namespace

// When a program is complete, just before it is loaded.
int ProgramLoading::prepare(bpf_program* program, bpf_prog_load_opts* options, long) {
  if (in_effect == nullptr) return -EINVAL;
  if (!in_effect->script_part_.empty()) {
    std::vector<bpf_insn> instructions(
        bpf_program__insns(program), bpf_program__insns(program) + bpf_program__insn_cnt(program));
    if (write_script_part(instructions, in_effect->script_part_))
      if (const int refused =
              bpf_program__set_insns(program, instructions.data(), instructions.size());
          refused != 0)
        return refused;
  }
  const Kind& kind = kind_of(program);
  if (kind.target == nullptr) return 0;
  const int id = number_of_target(program, in_effect->types_);
  if (id == 0) return -ESRCH;
  bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
  bpf_program__set_expected_attach_type(program, kind.attach_type);
  options->expected_attach_type = kind.attach_type;
  options->attach_btf_id = static_cast<__u32>(id);
  return 0;
}

[[maybe_unused]] const bool ProgramLoading::registered = register_handlers(prepare);

ProgramLoading::ProgramLoading(const KernelTypes& types, std::span<const bpf_insn> script_part)
    : types_(types), script_part_(script_part), outer_(std::exchange(in_effect, this)) {}

ProgramLoading::~ProgramLoading() { in_effect = outer_; }

bool ProgramLoading::has_target(const bpf_program* program, const KernelTypes& types) {
  return kind_of(program).target == nullptr || number_of_target(program, types) != 0;
}

bpf_link* ProgramLoading::attach(const bpf_program* program) {
  const Kind& kind = kind_of(program);
  const std::string name = name_of_target(program);
  if (kind.target != nullptr) return bpf_program__attach_trace(program);
  if (kind.type == BPF_PROG_TYPE_RAW_TRACEPOINT)
    return bpf_program__attach_raw_tracepoint(program, name.c_str());
  const bool at_return = std::string_view(kind.section) == "socktap/kretprobe/";
  return bpf_program__attach_kprobe(program, at_return, name.c_str());
}

}  // namespace socktap::sources::ebpf
