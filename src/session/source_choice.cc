#include "session/source_choice.h"

#include <algorithm>

#include "base/suggestion.h"
#include "sources/ebpf/program_types.h"
#include "sources/ebpf/strategy.h"
#include "sources/ptrace/ptrace_source.h"

namespace socktap::session {
namespace {

constexpr std::string_view backends[] = {"auto",    "tracepoint", "fentry", "kprobe",
                                         "syscall", "ebpf",       "ptrace"};

}  // namespace

std::span<const std::string_view> backend_names() { return backends; }

Result<sources::EbpfOptions> ebpf_options(const SourceChoice& choice) {
  sources::EbpfOptions options;
  if (std::ranges::find(backends, choice.backend) == std::end(backends))
    return failure("--backend " + choice.backend + ": there is no such backend",
                   suggestion(choice.backend, {std::begin(backends), std::end(backends)}));
  options.backend = sources::ebpf::find_backend(choice.backend);
  std::vector<std::string_view> known;
  for (const auto& strategy : sources::ebpf::strategies()) known.push_back(strategy.name);
  for (const std::string& name : choice.disabled_strategies)
    if (std::ranges::find(known, name) == known.end())
      return failure("--disable-strategy " + name + ": there is no such strategy",
                     suggestion(name, known));
  if (choice.backend == "ptrace" &&
      !(choice.disabled_strategies.empty() && choice.types_file.empty()))
    return failure(choice.disabled_strategies.empty()
                       ? "--btf means nothing to --backend ptrace"
                       : "--disable-strategy means nothing to --backend ptrace",
                   "strategies and types are eBPF's");
  options.disabled_strategies = choice.disabled_strategies;
  options.types_file = choice.types_file;
  return options;
}

Result<ChosenSource> choose_source(const SourceChoice& choice, std::size_t ring_bytes,
                                   bool only_target) {
  auto options = ebpf_options(choice);
  if (!options) return tl::unexpected(options.error());
  const bool is_ptrace = choice.backend == "ptrace";
  const bool may_be_ptrace = choice.backend == "auto" && only_target;
  const std::string refusal = may_be_ptrace ? sources::ebpf::refusal_of_programs() : std::string();
  if (is_ptrace || !refusal.empty())
    return ChosenSource{std::make_unique<sources::PtraceSource>(), true,
                        is_ptrace ? "" : "by ptrace, as eBPF is refused: " + refusal};
  options->sizes.ring_bytes = ring_bytes;
  return ChosenSource{std::make_unique<sources::EbpfSource>(std::move(*options)), false, ""};
}

Result<OpenedRecording> open_recording(const std::string& path) {
  auto opened = sources::ReplaySource::open(path);
  if (!opened) return tl::unexpected(opened.error());
  auto source = std::make_unique<sources::ReplaySource>(std::move(*opened));
  CgroupNames cgroups = CgroupNames::of(source->cgroups());
  const auto target = static_cast<pid_t>(source->facts().target);
  std::string warning;
  if (source->was_broken_off())
    warning = "the recording " + path +
              " was broken off: its last moments and what was lost are not in it";
  return OpenedRecording{std::move(source), std::move(cgroups), target, std::move(warning)};
}

}  // namespace socktap::session
