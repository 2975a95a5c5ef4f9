#include "sources/ebpf/typed_tracepoints.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>
#include <string_view>

namespace socktap::sources::ebpf {
namespace {

constexpr std::string_view section_prefix = "tp_btf/";

std::string_view tracepoint_of(const bpf_program* program) {
  const std::string_view section = bpf_program__section_name(program);
  return section.starts_with(section_prefix) ? section.substr(section_prefix.size())
                                             : std::string_view{};
}

// libbpf reads the kernel's types for programs of type TRACING; so they become that only now.
int prepare(bpf_program* program, bpf_prog_load_opts* options, long cookie) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): libbpf's cookies are of type long
  const auto* types = reinterpret_cast<const KernelTypes*>(cookie);
  const int id = types->tracepoint(tracepoint_of(program));
  if (id == 0) return -ESRCH;
  bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
  bpf_program__set_expected_attach_type(program, BPF_TRACE_RAW_TP);
  options->expected_attach_type = BPF_TRACE_RAW_TP;
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

TypedTracepoints::TypedTracepoints(const KernelTypes& types) {
  keep_one_handler();
  LIBBPF_OPTS(libbpf_prog_handler_opts, options, .cookie = reinterpret_cast<long>(&types),
              .prog_prepare_load_fn = prepare);
  handler_ = libbpf_register_prog_handler("tp_btf/", BPF_PROG_TYPE_RAW_TRACEPOINT,
                                          bpf_attach_type{}, &options);
}

TypedTracepoints::~TypedTracepoints() { libbpf_unregister_prog_handler(handler_); }

bpf_link* TypedTracepoints::attach(const bpf_program* program) {
  return tracepoint_of(program).empty() ? bpf_program__attach(program)
                                        : bpf_program__attach_trace(program);
}

}  // namespace socktap::sources::ebpf
