#include "sources/ebpf/typed_programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace socktap::sources::ebpf {
namespace {

struct Kind {
  const char* section;  // with the slash
  bpf_attach_type attach_type;
  int (KernelTypes::*target)(std::string_view) const;
};
constexpr std::array<Kind, 3> kinds{{
    {"tp_btf/", BPF_TRACE_RAW_TP, &KernelTypes::tracepoint},
    {"fentry/", BPF_TRACE_FENTRY, &KernelTypes::function},
    {"fexit/", BPF_TRACE_FEXIT, &KernelTypes::function},
}};

std::string_view section_of(const bpf_program* program) {
  return bpf_program__section_name(program);
}

const Kind* kind_of(const bpf_program* program) {
  const std::string_view section = section_of(program);
  const auto* found = std::ranges::find_if(
      kinds, [section](const Kind& kind) { return section.starts_with(kind.section); });
  return found == kinds.end() ? nullptr : found;
}

int target_of(const bpf_program* program, const Kind& kind, const KernelTypes& types) {
  return (types.*kind.target)(section_of(program).substr(std::string_view(kind.section).size()));
}

// libbpf reads the kernel's types for programs of type TRACING; so they become that only now.
int prepare(bpf_program* program, bpf_prog_load_opts* options, long cookie) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): libbpf's cookies are of type long
  const auto* types = reinterpret_cast<const KernelTypes*>(cookie);
  const Kind* kind = kind_of(program);
  const int id = kind == nullptr ? 0 : target_of(program, *kind, *types);
  if (id == 0) return -ESRCH;
  bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
  bpf_program__set_expected_attach_type(program, kind->attach_type);
  options->expected_attach_type = kind->attach_type;
  options->attach_btf_id = static_cast<__u32>(id);
  return 0;
}

// libbpf before 1.3 frees its table twice when the last handler goes and another comes. One that
// matches nothing stays.
void keep_one_handler() {
  [[maybe_unused]] static const int kept = libbpf_register_prog_handler(
      "socktap/none", BPF_PROG_TYPE_UNSPEC, bpf_attach_type{}, nullptr);
}

}  // namespace

TypedPrograms::TypedPrograms(const KernelTypes& types) {
  keep_one_handler();
  LIBBPF_OPTS(libbpf_prog_handler_opts, options, .cookie = reinterpret_cast<long>(&types),
              .prog_prepare_load_fn = prepare);
  std::ranges::transform(kinds, handlers_.begin(), [&options](const Kind& kind) {
    return libbpf_register_prog_handler(kind.section, BPF_PROG_TYPE_RAW_TRACEPOINT,
                                        bpf_attach_type{}, &options);
  });
}

TypedPrograms::~TypedPrograms() {
  for (const int handler : handlers_) libbpf_unregister_prog_handler(handler);
}

bool TypedPrograms::has_target(const bpf_program* program, const KernelTypes& types) {
  const Kind* kind = kind_of(program);
  return kind == nullptr || target_of(program, *kind, types) != 0;
}

bpf_link* TypedPrograms::attach(const bpf_program* program) {
  return kind_of(program) == nullptr ? bpf_program__attach(program)
                                     : bpf_program__attach_trace(program);
}

}  // namespace socktap::sources::ebpf
