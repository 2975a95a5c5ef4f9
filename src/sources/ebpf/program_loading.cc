#include "sources/ebpf/program_loading.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <string>
#include <string_view>

#include "sources/ebpf/script_part.h"

namespace socktap::sources::ebpf {
namespace {

// Typed ones become programs of type TRACING only when they are loaded: libbpf reads the kernel's
// types for those.
struct Kind {
  const char* section;  // with the slash
  bpf_prog_type type;
  bpf_attach_type attach_type;
  int (KernelTypes::*target)(std::string_view) const;  // of typed ones
};
constexpr std::array<Kind, 6> kinds{{
    {"tp_btf/", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_TRACE_RAW_TP, &KernelTypes::tracepoint},
    {"fentry/", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_TRACE_FENTRY, &KernelTypes::function},
    {"fexit/", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_TRACE_FEXIT, &KernelTypes::function},
    {"raw_tp/", BPF_PROG_TYPE_RAW_TRACEPOINT, {}, nullptr},
    {"kprobe/", BPF_PROG_TYPE_KPROBE, {}, nullptr},
    {"kretprobe/", BPF_PROG_TYPE_KPROBE, {}, nullptr},
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

// libbpf before 1.3 frees its table twice when the last handler goes and another comes. One that
// matches nothing stays.
void keep_one_handler() {
  [[maybe_unused]] static const int kept = libbpf_register_prog_handler(
      "socktap/none", BPF_PROG_TYPE_UNSPEC, bpf_attach_type{}, nullptr);
}

}  // namespace

int ProgramLoading::prepare(bpf_program* program, bpf_prog_load_opts* options, long cookie) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): libbpf's cookies are of type long
  const auto& given = *reinterpret_cast<const Given*>(cookie);
  if (!given.script_part.empty()) {
    std::vector<bpf_insn> instructions(
        bpf_program__insns(program), bpf_program__insns(program) + bpf_program__insn_cnt(program));
    if (write_script_part(instructions, given.script_part))
      if (const int refused =
              bpf_program__set_insns(program, instructions.data(), instructions.size());
          refused != 0)
        return refused;
  }
  const Kind& kind = kind_of(program);
  if (kind.target == nullptr) return 0;
  const int id = number_of_target(program, given.types);
  if (id == 0) return -ESRCH;
  bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
  bpf_program__set_expected_attach_type(program, kind.attach_type);
  options->expected_attach_type = kind.attach_type;
  options->attach_btf_id = static_cast<__u32>(id);
  return 0;
}

ProgramLoading::ProgramLoading(const KernelTypes& types, std::span<const bpf_insn> script_part)
    : given_{types, script_part} {
  keep_one_handler();
  LIBBPF_OPTS(libbpf_prog_handler_opts, options, .cookie = reinterpret_cast<long>(&given_),
              .prog_prepare_load_fn = prepare);
  std::ranges::transform(kinds, handlers_.begin(), [&options](const Kind& kind) {
    return libbpf_register_prog_handler(kind.section, kind.type, bpf_attach_type{}, &options);
  });
}

ProgramLoading::~ProgramLoading() {
  for (const int handler : handlers_) libbpf_unregister_prog_handler(handler);
}

bool ProgramLoading::has_target(const bpf_program* program, const KernelTypes& types) {
  return kind_of(program).target == nullptr || number_of_target(program, types) != 0;
}

bpf_link* ProgramLoading::attach(const bpf_program* program) {
  const Kind& kind = kind_of(program);
  const std::string name = name_of_target(program);
  if (kind.target != nullptr) return bpf_program__attach_trace(program);
  if (kind.type == BPF_PROG_TYPE_RAW_TRACEPOINT)
    return bpf_program__attach_raw_tracepoint(program, name.c_str());
  const bool at_return = std::string_view(kind.section) == "kretprobe/";
  return bpf_program__attach_kprobe(program, at_return, name.c_str());
}

}  // namespace socktap::sources::ebpf
