// What `socktap doctor` prints, as text for people and as JSON for programs.
#pragma once

#include <optional>
#include <string>

#include "cli/output.h"
#include "sources/coverage.h"
#include "sources/ebpf/host_report.h"

namespace socktap::cli {

// What a source shows here.
struct Finding {
  sources::Coverage coverage;  // empty when nothing could be attached
  std::string refusal;         // why nothing could be; else empty
  std::string remedy;          // what would help against it; may be empty

  bool shows_something() const { return refusal.empty() && !sources::sees_nothing(coverage); }
};

// Of those sources that were asked for.
struct Diagnosis {
  sources::ebpf::HostReport host;
  std::optional<Finding> ebpf;
  std::optional<Finding> ptrace;
};

std::string as_text(const Diagnosis& diagnosis);
std::string as_json(const Diagnosis& diagnosis);  // one object, over several lines

// As JSON a record for the host, one for each source and one for each path; as CSV those of sources
// and paths.
std::string for_machines(const Diagnosis& diagnosis, Format format);

}  // namespace socktap::cli
