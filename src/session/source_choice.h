// By which source a run observes: eBPF, ptrace where that is refused, or a recording.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cgroups.h"
#include "base/result.h"
#include "sources/ebpf/ebpf_source.h"
#include "sources/replay/replay_source.h"
#include "sources/source.h"

namespace socktap::session {

struct SourceChoice {
  std::string backend = "auto";  // one of backend_names()
  std::vector<std::string> disabled_strategies;
  std::string types_file;  // where the kernel has no types of its own
};

std::span<const std::string_view> backend_names();

// Of eBPF. Fails on the first name that nothing has, with the nearest that there is, or all.
Result<sources::EbpfOptions> ebpf_options(const SourceChoice& choice);

struct ChosenSource {
  std::unique_ptr<sources::Source> source;
  bool is_ptrace = false;
  std::string reason;  // "by ptrace, as eBPF is refused: ..."; empty: it was asked for
};

// `ring_bytes`: the event buffer of each CPU; 0: the usual. `only_target`: nobody else is to be
// seen, which is what ptrace can do.
Result<ChosenSource> choose_source(const SourceChoice& choice, std::size_t ring_bytes,
                                   bool only_target);

struct OpenedRecording {
  std::unique_ptr<sources::ReplaySource> source;
  CgroupNames cgroups;
  pid_t target = 0;     // what target() was
  std::string warning;  // what is missing in it; empty: nothing
};
Result<OpenedRecording> open_recording(const std::string& path);

}  // namespace socktap::session
